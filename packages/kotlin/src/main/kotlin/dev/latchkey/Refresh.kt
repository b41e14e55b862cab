package dev.latchkey

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async

/** The refresh that is on its way: all callers wait for the same one. */
internal class SharedRefresh(private val client: Client) {
    private var running: Deferred<SessionRecord?>? = null

    suspend fun await(refused: String?): SessionRecord? = join(refused).await()

    @Synchronized
    private fun join(refused: String?): Deferred<SessionRecord?> {
        running?.takeIf { it.isActive }?.let { return it }
        val work = client.scope.async(start = CoroutineStart.LAZY) {
            client.retry { client.exclusively(REFRESH) { client.refreshOnce(refused) } }
        }
        running = work
        work.start()
        return work
    }
}

/**
 * The stored session, refreshed when its access token is about to expire. Concurrent callers share one refresh.
 *
 * @param refused an access token that a server answered with 401: refreshed even when it has not expired.
 * @return null when nobody is signed in, or when this refresh found that the session has ended.
 * @throws LatchkeyException when the refresh failed and no valid access token is left. Only `invalid_grant` ends a session.
 */
internal suspend fun Client.freshSession(refused: String? = null): SessionRecord? {
    val session = readSession() ?: return null
    if (session.isFresh(now(), refused)) return session
    try {
        return refresh.await(refused)
    } catch (error: LatchkeyException) {
        val usable = session.accessToken != refused && session.lifeLeftMs(now()) > 0
        if (usable && error.isTransient) return session
        throw error
    }
}

/** Reads the session again, because another process or an earlier attempt may have refreshed it already. */
private suspend fun Client.refreshOnce(refused: String?): SessionRecord? {
    val held = readSession() ?: return null
    if (held.isFresh(now(), refused)) return held
    val answer = try {
        requestTokens(mapOf("grant_type" to "refresh_token", "refresh_token" to held.refreshToken), held)
    } catch (error: LatchkeyException) {
        if (error.code != LatchkeyException.INVALID_GRANT) throw error
        return drop(held)
    }
    return adopt(held, answer)
}

/**
 * Calls `POST /v1/token`. A session that was opened without a key is refreshed without a proof. An answer for another session
 * than the one that is refreshed is not the issuer's: a cache mixed up two people.
 */
internal suspend fun Client.requestTokens(grant: Members, held: SessionRecord?): Answer {
    val isBound = held?.isBound ?: (keys != null)
    val clockOffsetMs = if (isBound) held?.clockOffsetMs ?: 0 else null
    return post("/v1/token", grant, clockOffsetMs) {
        isTokenAnswer(it) && (held == null || it.text("session_id") == held.id)
    }
}

/**
 * Stores the answer, unless the session was ended, replaced or refreshed by another process in the meantime. An older session
 * JWT must not replace a newer one: the server would take it for a copy.
 */
private suspend fun Client.adopt(held: SessionRecord, answer: Answer): SessionRecord? = exclusively(SESSION) {
    val now = readSession()
    if (now?.refreshToken == held.refreshToken) keepSession(answer, held.redeemed) else now
}

private suspend fun Client.drop(held: SessionRecord): SessionRecord? = exclusively(SESSION) {
    val now = readSession()
    if (now?.refreshToken != held.refreshToken) return@exclusively now
    forgetSession()
    changed()
    null
}
