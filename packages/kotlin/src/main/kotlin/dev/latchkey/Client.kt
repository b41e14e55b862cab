package dev.latchkey

import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What all functions of one [Latchkey] share. */
internal class Client(
    val issuer: String,
    val storage: Storage,
    val keys: DeviceKeys?,
    val deviceId: String?,
    val deviceName: String?,
    val http: Http,
    val timeoutMs: Long,
    val now: () -> Long,
    val sleep: suspend (ms: Long) -> Unit,
) {
    /** What was begun here goes on when its caller is cancelled: an answer that came must be stored. */
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)

    /** Origin → the last nonce that its server sent (RFC 9449 section 8.2). */
    val nonces = ConcurrentHashMap<String, String>()

    /** Something that a person may see has changed. */
    val changes = MutableSharedFlow<Unit>(extraBufferCapacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST)

    val refresh = SharedRefresh(this)

    private val locks = ConcurrentHashMap<String, Mutex>()

    fun changed() {
        changes.tryEmit(Unit)
    }

    /** One at a time in this process and, when the storage can do that, in all processes of the app. */
    suspend fun <T> exclusively(name: String, work: suspend () -> T): T =
        locks.getOrPut(name) { Mutex() }.withLock {
            var failed: Throwable? = null
            try {
                storage.exclusively(name) {
                    try {
                        work()
                    } catch (error: Throwable) {
                        failed = error
                        throw error
                    }
                }
            } catch (error: Exception) {
                throw if (error === failed) error else LatchkeyException(LatchkeyException.STORAGE, cause = error)
            }
        }
}

internal const val SESSION = "session"
internal const val PENDING = "pending"
internal const val REFRESH = "refresh"
internal const val SIGN_IN = "sign-in"
