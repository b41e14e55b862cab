package dev.latchkey

import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow

/**
 * Signs people in to an app with Latchkey. One for the whole process.
 *
 * Its functions may be called from any thread, the main thread too. When a caller is cancelled, what it began goes on: an
 * answer that comes is stored. Besides signing out, only the server's `invalid_grant` ends a session.
 *
 * @param issuer Latchkey's origin: `https://auth.example.com`.
 * @param keys the device's key, for DPoP. Null binds no session to a key.
 * @param deviceId the app's own id for this device, 8 to 128 of `A-Za-z0-9._:-`. By default one is made and stored.
 * @param deviceName shown in the person's list of sessions and in the mail: `Ada's Pixel`.
 * @param timeoutMs the time limit for one request.
 * @param now Unix milliseconds by this device's clock, which may be wrong.
 */
public class Latchkey(
    issuer: String,
    storage: Storage,
    keys: DeviceKeys?,
    deviceId: String? = null,
    deviceName: String? = null,
    http: Http = UrlConnectionHttp(),
    timeoutMs: Long = 10_000,
    now: () -> Long = System::currentTimeMillis,
    sleep: suspend (ms: Long) -> Unit = { delay(it) },
) {
    private val client =
        Client(issuer.trimEnd('/'), storage, keys, deviceId, deviceName, http, timeoutMs, now, sleep)

    /** What this device is at now, and after each change. */
    public val states: Flow<State> = client.states()

    /**
     * Asks the server to send a link and a code. The answer is the same for every address. It is never repeated by itself,
     * because each request may send a message.
     *
     * @param channel `email` or `sms`.
     * @param locale BCP 47: `de-CH`.
     */
    public suspend fun ask(
        email: String,
        channel: String? = null,
        phoneNumber: String? = null,
        dashboardId: String? = null,
        locale: String? = null,
    ): Pending = complete {
        val more = mapOf(
            "channel" to channel,
            "phoneNumber" to phoneNumber,
            "dashboardId" to dashboardId,
            "locale" to locale,
        )
        ask(email, more)
    }

    /** Sends the same link and code again. */
    public suspend fun resend(): Pending = complete { resend() }

    /** What was asked for and may still open a session, also after a restart. Null for nothing. */
    public suspend fun pending(): Pending? = complete { pending()?.let(::describe) }

    /** Signs in with the URL that opened the app, or with the token in that URL. */
    public suspend fun redeemLink(urlOrToken: String): Session = complete { redeemLink(urlOrToken) }

    /** Signs in with the six digits of the message. */
    public suspend fun redeemCode(code: String): Session = complete { redeemCode(code) }

    /**
     * Who is signed in, from storage, without a request.
     *
     * @param check also asks the server. The answer is null when the server has ended the session.
     */
    public suspend fun session(check: Boolean = false): Session? = complete {
        if (check && readSession() != null) {
            try {
                callIssuer("GET", "/v1/session")
            } catch (error: LatchkeyException) {
                if (error.code != LatchkeyException.SIGNED_OUT) throw error
            }
        }
        readSession()?.describe()
    }

    /** What this device is at, from storage, without a request. */
    public suspend fun state(): State = complete { state() }

    /** An access token for a request of your own, refreshed when needed. Null when nobody is signed in. */
    public suspend fun accessToken(): String? = complete { freshSession()?.accessToken }

    /**
     * The headers for one request with an HTTP client of your own: `Authorization`, and `DPoP` for a bound session. Null when
     * nobody is signed in. After a 401, call it once more with what was refused, and send the request again.
     *
     * @param url with scheme and host. Only servers that may see the token.
     * @param refused the `Authorization` that the server answered with 401.
     * @param nonce the `DPoP-Nonce` of any answer of that server.
     */
    public suspend fun headers(
        method: String,
        url: String,
        refused: String? = null,
        nonce: String? = null,
    ): Map<String, String>? = complete {
        keepNonce(url, nonce)
        freshSession(refused?.substringAfter(' '))?.let { authorise(it, method, url) }
    }

    /**
     * Sends a request as the person who is signed in, and once more after a 401. Call only servers that may see the token.
     *
     * @throws LatchkeyException `signed_out` without a session, `offline` without an answer.
     */
    public suspend fun send(request: HttpRequest): HttpResponse = complete { sendAuthorised(request) }

    /** All sessions of the person, on all devices. */
    public suspend fun sessions(): List<SessionEntry> = complete { listSessions() }

    /** Ends one session of the person, on whatever device. */
    public suspend fun endSession(id: String): Unit = complete { endSession(id) }

    /** Signs out on this device at once, then at the server. @return whether the server confirmed it. */
    public suspend fun signOut(): Boolean = complete { signOut() }

    /** Ends all sessions of the person; with `keepCurrent` all but this one. */
    public suspend fun signOutEverywhere(keepCurrent: Boolean = false): Unit = complete { signOutEverywhere(keepCurrent) }

    /**
     * Deletes the account at the server, and then the session from this device.
     *
     * @throws LatchkeyException `sign_in_again` when the sign-in is older than five minutes. Nothing is deleted then. Or
     * `signed_out` when the session has ended, and nothing says whether the account was deleted.
     */
    public suspend fun deleteAccount(): Unit = complete { deleteAccount() }

    /** All that the server stores about the person, as in the JSON of `GET /v1/account/export`. */
    public suspend fun exportAccount(): Map<String, Any?> = complete { exportAccount() }

    /** Runs it to its end on threads for input and output, even when the caller is cancelled. */
    private suspend fun <T> complete(work: suspend Client.() -> T): T = client.scope.async { client.work() }.await()

    public companion object {
        /** Whether a URL that opened the app has a link of Latchkey in it. */
        public fun isLink(url: String): Boolean = tokenIn(url) != null
    }
}
