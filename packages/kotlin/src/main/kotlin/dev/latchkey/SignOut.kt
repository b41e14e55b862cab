package dev.latchkey

/**
 * Signs out on this device at once, and then at the server.
 *
 * @return whether the server confirmed it. If not, this device has still deleted the tokens, and the session ends when it
 * expires.
 */
internal suspend fun Client.signOut(): Boolean {
    val held = takeSession() ?: return true
    return try {
        retry { post("/v1/revoke", mapOf("token" to held.refreshToken)) { true } }
        true
    } catch (_: LatchkeyException) {
        false
    }
}

/**
 * Ends all sessions of the person; with `keepCurrent` all but this one.
 *
 * @throws LatchkeyException when the server did not confirm it. This device then stays signed in.
 */
internal suspend fun Client.signOutEverywhere(keepCurrent: Boolean) {
    var unsure = false
    retry {
        try {
            callIssuer("DELETE", if (keepCurrent) "/v1/sessions?keep=current" else "/v1/sessions")
        } catch (error: LatchkeyException) {
            // The try before this one ended the session, and its answer was lost.
            val ended = error.code == LatchkeyException.SIGNED_OUT && unsure && !keepCurrent
            if (!ended) {
                if (error.code in WHEN_UNREACHABLE) unsure = true
                throw error
            }
        }
    }
    if (!keepCurrent) takeSession()
}

/** Deletes the session from this device. @return null when there was none. */
internal suspend fun Client.takeSession(onlyId: String? = null): SessionRecord? = exclusively(SESSION) {
    val held = readSession() ?: return@exclusively null
    if (onlyId != null && held.id != onlyId) return@exclusively null
    forgetSession()
    changed()
    held
}
