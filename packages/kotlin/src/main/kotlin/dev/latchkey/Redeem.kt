package dev.latchkey

private const val GRANT = "urn:latchkey:grant-type:"

/** Some mail programs percent-encode the token. The server decodes it. */
private val TOKEN = Regex("tok(?:_|%5f)ml(?:_|%5f)[\\w%-]+", RegexOption.IGNORE_CASE)

internal fun tokenIn(link: String): String? = TOKEN.find(link)?.value

/**
 * Signs in with a link: its token, or any URL with the token in it. The link that opened the current session may be
 * tapped again, and answers with that session.
 */
internal suspend fun Client.redeemLink(link: String): Session {
    val token = tokenIn(link)
        ?: throw LatchkeyException(LatchkeyException.INVALID_REQUEST, detail = "this has no link in it")
    // The last 24 characters identify a link, and the record need not hold all of it.
    return redeem(token.takeLast(24), WHEN_UNREACHABLE) {
        mapOf("grant_type" to "${GRANT}link", "link_token" to token, "handle" to it.handle)
    }
}

/**
 * Signs in with the six-digit code. Nothing is retried here, because the server may have counted the try. After a lost answer
 * the person may enter the same code again: the server then gives this device the same session.
 */
internal suspend fun Client.redeemCode(code: String): Session {
    val digits = code.filter { it in '0'..'9' }
    return redeem(digits, emptySet()) {
        val handle = it.handle ?: throw LatchkeyException(LatchkeyException.NOT_ASKED)
        mapOf("grant_type" to "${GRANT}code", "handle" to handle, "code" to digits)
    }
}

/** The server gives the same device the same session for the same link, so a retry after a lost answer is safe. */
private suspend fun Client.redeem(
    redeemed: String,
    retryOn: Set<String>,
    grantOf: (PendingRecord) -> Members,
): Session = exclusively(SIGN_IN) {
    readSession()?.takeIf { it.redeemed == redeemed }?.let { return@exclusively it.describe() }
    // This device's clock may be wrong, so only the server decides whether the link has expired.
    val pending = readPending() ?: throw LatchkeyException(LatchkeyException.NOT_ASKED)
    val grant = grantOf(pending) + mapOf(
        "code_verifier" to pending.codeVerifier,
        "device_id" to pending.deviceId,
        "device_name" to deviceName,
    )
    val answer = retry(retryOn) { requestTokens(grant, held = null) }
    val session = exclusively(SESSION) { keepSession(answer, redeemed) }.describe()
    changed()
    // Deleted last: if storing the session had failed, the link could be redeemed again.
    forgetPending(pending)
    session
}
