package dev.latchkey

import kotlinx.coroutines.CancellationException

/** @return null when nothing is stored, or when it is no JSON object. @throws LatchkeyException `storage`. */
internal suspend fun Client.readRecord(key: String): Members? = stored { storage.get(key) }?.let(Json::membersOrNull)

internal suspend fun Client.writeRecord(key: String, record: Members): Unit =
    stored { storage.set(key, Json.write(record.filterValues { it != null })) }

internal suspend fun Client.removeRecord(key: String): Unit = stored { storage.remove(key) }

private inline fun <T> stored(work: () -> T): T = try {
    work()
} catch (error: CancellationException) {
    throw error
} catch (error: Exception) {
    throw LatchkeyException(LatchkeyException.STORAGE, cause = error)
}
