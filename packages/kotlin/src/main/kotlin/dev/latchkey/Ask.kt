package dev.latchkey

private const val PENDING_KEY = "latchkey.pending"
private const val DEVICE_KEY = "latchkey.device"

/**
 * What is stored: `codeVerifier` (RFC 7636; with it and the link anyone can sign in, so it is a secret), `deviceId`, `email`,
 * and from the server's answer `handle`, `resendAt`, `expiresAt`, `requestUntil`.
 */
internal class PendingRecord(val members: Members) {
    val codeVerifier get() = members.text("codeVerifier")!!
    val deviceId get() = members.text("deviceId")!!
    val email get() = members.text("email")!!
    val handle get() = members.text("handle")
    val expiresAt get() = members.number("expiresAt")
    val requestUntil get() = members.number("requestUntil")
}

/**
 * Asks the server to send a link and a code. The verifier is stored before the request goes out, so the link works even
 * when the answer is lost. Asking again for the same address uses the same verifier, so the links of all its messages
 * work. Nothing is retried here, because each request may send a message.
 */
internal suspend fun Client.ask(email: String, more: Members): Pending {
    val record = exclusively(PENDING) {
        pending()?.takeIf { it.email == email } ?: newPending(email).also { writeRecord(PENDING_KEY, it.members) }
    }
    val challenge = base64url(sha256(record.codeVerifier))
    val request = more + mapOf("email" to email, "codeChallenge" to challenge, "deviceName" to deviceName)
    return sendMessage("/v1/links", request, record)
}

/** Sends the same link and code again. */
internal suspend fun Client.resend(): Pending {
    val record = pending()
    if (record?.handle == null) throw LatchkeyException(LatchkeyException.NOT_ASKED)
    return sendMessage("/v1/links/resend", mapOf("handle" to record.handle), record)
}

/** @return what was asked for, or null when there is nothing, or when neither a link nor a request is alive. */
internal suspend fun Client.pending(): PendingRecord? = readPending()?.takeUnless {
    isOver(it.expiresAt) && isOver(it.requestUntil ?: 0)
}

/** The same, whatever this device's clock says, which may be wrong. */
internal suspend fun Client.readPending(): PendingRecord? = readRecord(PENDING_KEY)
    ?.takeIf { stored -> listOf("codeVerifier", "deviceId", "email").all { stored.text(it) != null } }
    ?.let(::PendingRecord)

/** Forgets what was asked for, unless it was asked for again in the meantime. */
internal suspend fun Client.forgetPending(record: PendingRecord) = exclusively(PENDING) {
    if (readPending()?.codeVerifier == record.codeVerifier) removeRecord(PENDING_KEY)
}

internal fun Client.describe(record: PendingRecord) = Pending(
    if (isOver(record.expiresAt)) PendingState.REQUESTED else PendingState.ASKED,
    record.email,
    record.members.number("resendAt"),
    record.expiresAt,
    record.requestUntil,
)

private fun Client.isOver(moment: Long?): Boolean = moment != null && moment <= now()

private suspend fun Client.sendMessage(path: String, request: Members, record: PendingRecord): Pending {
    val answer = post(path, request) { (it.number("expiresIn") ?: 0) > 0 && it.number("resendAfter") != null }
    val at = { name: String -> answer.body.number(name)?.let { answer.sentAt + it * 1000 } }
    val fresh = mapOf(
        "handle" to answer.body.text("handle"),
        "resendAt" to at("resendAfter"),
        "expiresAt" to at("expiresIn"),
        "requestUntil" to at("requestExpiresIn"),
    ).filterValues { it != null }
    val asked = PendingRecord(record.members + fresh)
    exclusively(PENDING) {
        // The person may have signed in, or asked for another address, while the answer was on its way.
        if (readPending()?.codeVerifier == record.codeVerifier) writeRecord(PENDING_KEY, asked.members)
    }
    changed()
    return describe(asked)
}

private suspend fun Client.newPending(email: String) =
    PendingRecord(mapOf("codeVerifier" to randomText(), "deviceId" to knownDeviceId(), "email" to email))

/** Stored in the form `{"id": "dev_…"}`, made once for this installation. */
private suspend fun Client.knownDeviceId(): String {
    deviceId?.let { return it }
    readRecord(DEVICE_KEY)?.text("id")?.let { return it }
    return "dev_${randomText()}".also { writeRecord(DEVICE_KEY, mapOf("id" to it)) }
}
