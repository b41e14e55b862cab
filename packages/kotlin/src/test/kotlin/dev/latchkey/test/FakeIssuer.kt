package dev.latchkey.test

import dev.latchkey.DeviceKeys
import dev.latchkey.Http
import dev.latchkey.HttpRequest
import dev.latchkey.HttpResponse
import dev.latchkey.Json
import dev.latchkey.Latchkey
import dev.latchkey.Members
import dev.latchkey.MemoryStorage
import dev.latchkey.Storage
import dev.latchkey.text
import java.io.IOException
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

internal const val ISSUER = "https://auth.latchkey.test"
internal const val LINK = "$ISSUER/link/tok_ml_abcdefghijklmnopqrstuvwxyz0123456789"

/** Answers as the issuer does, or as a test says instead. */
internal class FakeIssuer : Http {
    val requests = CopyOnWriteArrayList<HttpRequest>()
    val clockMs = AtomicLong(1_800_000_000_000)
    private val count = AtomicInteger()

    /** Gives an answer, or null for the usual one. */
    @Volatile
    var instead: suspend (HttpRequest) -> HttpResponse? = { null }

    fun bodies(path: String): List<Members> =
        requests.filter { it.url == ISSUER + path }.map { Json.membersOrNull(it.body!!.decodeToString())!! }

    override suspend fun send(request: HttpRequest, timeoutMs: Long): HttpResponse {
        requests.add(request)
        return instead(request) ?: usual(request)
    }

    fun usual(request: HttpRequest): HttpResponse = when (request.url.removePrefix(ISSUER)) {
        "/v1/links", "/v1/links/resend" -> json(202, mapOf("handle" to "handle-1", "expiresIn" to 900, "resendAfter" to 60))
        "/v1/token" -> json(200, tokens(request))
        else -> if (request.method == "DELETE") DELETED else json(200, emptyMap())
    }

    fun tokens(request: HttpRequest): Members {
        val grant = Json.membersOrNull(request.body!!.decodeToString())!!
        val number = count.incrementAndGet()
        // A refresh stays in its session: refresh-2-of-ses_1.
        val session = grant.text("refresh_token")?.substringAfter("-of-") ?: "ses_$number"
        return mapOf(
            "access_token" to "access-$number",
            "token_type" to if (request.headers["DPoP"] == null) "Bearer" else "DPoP",
            "expires_in" to 600,
            "refresh_token" to "refresh-$number-of-$session",
            "refresh_token_expires_in" to 2_592_000,
            "session_id" to session,
            "user" to mapOf("id" to "usr_1", "email" to "ada@example.com"),
            "server_time" to clockMs.get() / 1000,
        )
    }
}

internal val DELETED = HttpResponse(204, emptyMap(), ByteArray(0))

internal fun json(status: Int, body: Members, headers: Map<String, String> = emptyMap()): HttpResponse =
    HttpResponse(status, headers, Json.write(body).encodeToByteArray())

internal fun refused(error: String): HttpResponse = json(400, mapOf("error" to error))

internal fun lost(): Nothing = throw IOException("the connection was reset")

/** A client at a fake issuer, whose clock a test moves. */
internal fun client(issuer: FakeIssuer, storage: Storage = MemoryStorage(), keys: DeviceKeys? = null): Latchkey =
    Latchkey(ISSUER, storage, keys, http = issuer, timeoutMs = 2000, now = issuer.clockMs::get, sleep = {})

internal suspend fun signedIn(issuer: FakeIssuer, storage: Storage = MemoryStorage(), keys: DeviceKeys? = null): Latchkey {
    val latchkey = client(issuer, storage, keys)
    latchkey.ask("ada@example.com")
    latchkey.redeemLink(LINK)
    return latchkey
}
