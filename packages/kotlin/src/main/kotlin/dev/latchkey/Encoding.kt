package dev.latchkey

import java.net.URLEncoder
import java.security.MessageDigest
import java.security.SecureRandom
import kotlin.io.encoding.Base64

private val URL_SAFE = Base64.UrlSafe.withPadding(Base64.PaddingOption.ABSENT)

/** Without padding (RFC 4648 section 5). */
internal fun base64url(bytes: ByteArray): String = URL_SAFE.encode(bytes)

internal fun fromBase64url(text: String): ByteArray = URL_SAFE.decode(text)

internal fun sha256(text: String): ByteArray =
    MessageDigest.getInstance("SHA-256").digest(text.encodeToByteArray())

internal fun randomBytes(size: Int): ByteArray = ByteArray(size).also { SecureRandom().nextBytes(it) }

/** 256 random bits. */
internal fun randomText(): String = base64url(randomBytes(32))

internal fun urlEncoded(text: String): String = URLEncoder.encode(text, "UTF-8")
