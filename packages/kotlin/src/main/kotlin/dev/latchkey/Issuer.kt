package dev.latchkey

import java.io.IOException
import java.text.ParseException
import java.text.SimpleDateFormat
import java.util.Locale
import java.util.TimeZone
import kotlinx.coroutines.withTimeoutOrNull

internal class Answer(val body: Members, val sentAt: Long, val arrivedAt: Long)

/**
 * Sends one request to the issuer, and a second one when the issuer requires a nonce in the proof (RFC 9449 section 8).
 *
 * @param isComplete whether the issuer itself gave this answer. A captive portal, such as a hotel's sign-in page, answers 200
 * as well.
 * @param clockOffsetMs when given, the request carries a proof of the device's key.
 * @throws LatchkeyException for every answer but success.
 */
internal suspend fun Client.post(
    path: String,
    body: Members,
    clockOffsetMs: Long? = null,
    isComplete: (Members) -> Boolean,
): Answer {
    val url = issuer + path
    val bytes = Json.write(body.filterValues { it != null }).encodeToByteArray()
    var challenged = false
    while (true) {
        val headers = HashMap(mapOf("Content-Type" to "application/json"))
        if (clockOffsetMs != null) headers["DPoP"] = prove("POST", url, clockOffsetMs)
        val sentAt = now()
        val response = exchange(HttpRequest("POST", url, headers, bytes))
        if (response.isSuccess) {
            val answer = membersOf(response)
            if (answer != null && isComplete(answer)) return Answer(answer, sentAt, now())
            throw notFromIssuer()
        }
        if (membersOf(response)?.text("error") != "use_dpop_nonce") throw refusalOf(response)
        // A nonce may end between two requests. The next try has the newest one.
        if (challenged) throw LatchkeyException(LatchkeyException.UNAVAILABLE, detail = "another nonce is wanted")
        challenged = true
    }
}

/** @throws LatchkeyException `offline` when the whole answer has not come in time. */
internal suspend fun Client.exchange(request: HttpRequest): HttpResponse {
    val response = try {
        withTimeoutOrNull(timeoutMs) { http.send(request, timeoutMs) }
    } catch (error: IOException) {
        throw LatchkeyException(LatchkeyException.OFFLINE, cause = error)
    }
    if (response == null) throw LatchkeyException(LatchkeyException.OFFLINE, detail = "no answer in time")
    keepNonce(request.url, response.header("DPoP-Nonce"))
    return response
}

/** @return null for what the issuer did not send. The issuer does send empty bodies. */
internal fun membersOf(response: HttpResponse): Members? =
    if (response.body.isEmpty()) emptyMap() else Json.membersOrNull(response.text)

internal fun notFromIssuer() =
    LatchkeyException(LatchkeyException.UNAVAILABLE, detail = "the issuer did not give this answer")

private val PROBLEM = Regex("urn:latchkey:problem:(\\w+)")

/** Reads an error of RFC 6749 section 5.2 or RFC 9457. The issuer sends no other form, so any other is `unavailable`. */
internal fun refusalOf(response: HttpResponse): LatchkeyException {
    val body = membersOf(response) ?: emptyMap()
    val named = body.text("error") ?: body.text("type")?.let { PROBLEM.matchEntire(it) }?.groupValues?.get(1)
    val code = when {
        response.status == 429 -> LatchkeyException.RATE_LIMITED
        response.status !in 400..499 -> LatchkeyException.UNAVAILABLE
        else -> named ?: LatchkeyException.UNAVAILABLE
    }
    return LatchkeyException(
        code,
        reason = body.text("latchkey_reason"),
        retryAfterSeconds = retryAfterSeconds(response),
        detail = body.text("error_description") ?: body.text("detail"),
    )
}

/** Proxies may give a date (RFC 9110 section 10.2.3). It is compared with the date of the same answer. */
private fun retryAfterSeconds(response: HttpResponse): Long? {
    val text = response.header("Retry-After")?.trim() ?: return null
    val until = text.toLongOrNull() ?: run {
        val sentAt = response.header("Date")?.let(::httpDate) ?: return null
        ((httpDate(text) ?: return null) - sentAt + 999) / 1000
    }
    return until.takeIf { it > 0 }
}

/** @return Unix milliseconds. */
private fun httpDate(text: String): Long? {
    val format = SimpleDateFormat("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
    format.timeZone = TimeZone.getTimeZone("GMT")
    return try {
        format.parse(text)?.time
    } catch (_: ParseException) {
        null
    }
}
