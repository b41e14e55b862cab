package dev.latchkey

import kotlin.random.Random

private const val TRIES = 4
private const val FIRST_WAIT_MS = 300L
private const val LONGEST_WAIT_MS = 5000L

internal val WHEN_UNREACHABLE = setOf(LatchkeyException.OFFLINE, LatchkeyException.UNAVAILABLE)

/**
 * Tries up to four times, with exponential backoff. Throws when the server asks for a pause of more than five seconds,
 * because the app should decide about such a wait.
 *
 * @param retryOn the error codes after which another try is safe.
 */
internal suspend fun <T> Client.retry(retryOn: Set<String> = WHEN_UNREACHABLE, work: suspend () -> T): T {
    for (tried in 1 until TRIES) {
        try {
            return work()
        } catch (error: LatchkeyException) {
            if (error.code !in retryOn) throw error
            val backoffMs = ((FIRST_WAIT_MS shl (tried - 1)) * (0.5 + Random.nextDouble())).toLong()
            val waitMs = maxOf(backoffMs, (error.retryAfterSeconds ?: 0) * 1000)
            if (waitMs > LONGEST_WAIT_MS) throw error
            sleep(waitMs)
        }
    }
    return work()
}
