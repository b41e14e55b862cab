package dev.latchkey

import kotlinx.coroutines.CancellationException

/**
 * Makes a DPoP proof for one request (RFC 9449 section 4.2).
 *
 * @param clockOffsetMs the server's time minus this device's time.
 * @throws LatchkeyException `key`.
 */
internal suspend fun Client.prove(method: String, url: String, clockOffsetMs: Long, accessToken: String? = null): String {
    val key = try {
        keys?.key() ?: throw IllegalStateException("the session is bound to a key, and there are no keys")
    } catch (error: CancellationException) {
        throw error
    } catch (error: Exception) {
        throw LatchkeyException(LatchkeyException.KEY, cause = error)
    }
    val jwk = mapOf("kty" to "EC", "crv" to "P-256", "x" to base64url(key.x), "y" to base64url(key.y))
    val header = mapOf("typ" to "dpop+jwt", "alg" to "ES256", "jwk" to jwk)
    val payload = mapOf(
        "jti" to base64url(randomBytes(16)),
        "htm" to method,
        "htu" to url.substringBefore('?').substringBefore('#'),
        "iat" to (now() + clockOffsetMs).floorDiv(1000L),
        "nonce" to nonces[originOf(url)],
        "ath" to accessToken?.let { base64url(sha256(it)) },
    ).filterValues { it != null }
    val signed = "${base64url(header)}.${base64url(payload)}"
    val signature = try {
        joseSignature(key.sign(signed.encodeToByteArray()))
    } catch (error: Exception) {
        throw LatchkeyException(LatchkeyException.KEY, cause = error)
    }
    return "$signed.${base64url(signature)}"
}

/** Any answer of a server may bring its next nonce (RFC 9449 section 8.2). */
internal fun Client.keepNonce(url: String, nonce: String?) {
    if (!nonce.isNullOrEmpty()) nonces[originOf(url)] = nonce
}

private fun originOf(url: String): String = Regex("^[^:]+://[^/?#]+").find(url)?.value ?: url

private fun base64url(members: Members): String = base64url(Json.write(members).encodeToByteArray())

/** The Keystore signs in DER (RFC 3279 section 2.2.3). JOSE takes r and s, 32 bytes each (RFC 7518 section 3.4). */
internal fun joseSignature(signature: ByteArray): ByteArray {
    if (signature.size == 64) return signature
    val out = ByteArray(64)
    var at = 2
    for (end in listOf(32, 64)) {
        val length = signature[at + 1].toInt()
        val number = signature.copyOfRange(at + 2, at + 2 + length).dropWhile { it == 0.toByte() }.toByteArray()
        number.copyInto(out, end - number.size)
        at += 2 + length
    }
    return out
}
