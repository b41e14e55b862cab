package dev.latchkey

/** The headers of one request as the person who is signed in. A proof is good for this one request. */
internal suspend fun Client.authorise(session: SessionRecord, method: String, url: String): Map<String, String> {
    val authorization = mapOf("Authorization" to "${session.tokenType} ${session.accessToken}")
    if (!session.isBound) return authorization
    return authorization + ("DPoP" to prove(method, url, session.clockOffsetMs, session.accessToken))
}

/**
 * Sends a request as the person who is signed in. After a 401 it tries again: once with a refreshed token, and once with the
 * nonce that the server requires.
 *
 * @throws LatchkeyException `signed_out` without a session, `offline` without an answer, or another code when a token could not
 * be refreshed.
 */
internal suspend fun Client.sendAuthorised(request: HttpRequest): HttpResponse {
    var session = freshSession() ?: throw LatchkeyException(LatchkeyException.SIGNED_OUT)
    var challenged = false
    var refreshed = false
    while (true) {
        val headers = request.headers + authorise(session, request.method, request.url)
        val response = exchange(HttpRequest(request.method, request.url, headers, request.body))
        if (response.status != 401) return response
        if (!challenged && response.header("WWW-Authenticate").orEmpty().contains("use_dpop_nonce")) {
            challenged = true
            continue
        }
        // A refresh does not make a sign-in more recent.
        if (refreshed || wantsSignIn(response)) return response
        refreshed = true
        session = freshSession(refused = session.accessToken) ?: return response
    }
}

/** Calls the issuer as the person who is signed in. @throws LatchkeyException for every answer but success. */
internal suspend fun Client.callIssuer(method: String, path: String): Members {
    val response = sendAuthorised(HttpRequest(method, issuer + path))
    if (wantsSignIn(response)) throw LatchkeyException(LatchkeyException.SIGN_IN_AGAIN)
    if (response.status == 401) throw LatchkeyException(LatchkeyException.SIGNED_OUT)
    if (!response.isSuccess) throw refusalOf(response)
    // A proxy may answer 200 to everything.
    if (method == "DELETE" && response.status != 204) throw notFromIssuer()
    return membersOf(response) ?: throw notFromIssuer()
}

/** RFC 9470 section 3. */
private fun wantsSignIn(response: HttpResponse): Boolean =
    response.status == 401 && "insufficient_user_authentication" in response.header("WWW-Authenticate").orEmpty()
