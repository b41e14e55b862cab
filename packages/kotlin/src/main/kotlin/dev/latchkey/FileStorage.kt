package dev.latchkey

import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.channels.FileChannel
import java.nio.channels.FileLock
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** Encrypts what [FileStorage] writes. */
public interface StorageCipher {
    public fun seal(plain: ByteArray): ByteArray

    /** @return null for what nobody will ever be able to read again. It must throw when a later try may succeed. */
    public fun open(sealed: ByteArray): ByteArray?
}

/**
 * A file for each key, in a folder that only this user may read. For Android, macOS and Linux. Several processes may share
 * the folder: [exclusively] holds a lock of the operating system, which ends with the process.
 *
 * @param cipher without one, the files are plain text.
 */
public class FileStorage(private val folder: File, private val cipher: StorageCipher? = null) : Storage {
    override suspend fun get(key: String): String? = onDisk {
        val file = fileOf(key)
        // Nothing but a missing file means that nothing is stored: an unreadable one throws.
        val stored = if (file.exists()) file.readBytes() else return@onDisk null
        (if (cipher == null) stored else cipher.open(stored))?.decodeToString()
    }

    override suspend fun set(key: String, value: String): Unit = onDisk {
        makeFolder()
        val bytes = value.encodeToByteArray()
        val next = fileOf("$key.next")
        FileOutputStream(next).use {
            it.write(if (cipher == null) bytes else cipher.seal(bytes))
            it.fd.sync()
        }
        if (!next.renameTo(fileOf(key))) throw IOException("$key was not stored")
    }

    override suspend fun remove(key: String): Unit = onDisk {
        val file = fileOf(key)
        if (!file.delete() && file.exists()) throw IOException("$key was not removed")
    }

    override suspend fun <T> exclusively(name: String, work: suspend () -> T): T {
        val file = onDisk {
            makeFolder()
            fileOf("$name.lock").canonicalFile
        }
        // POSIX ends a process's lock when the process closes any descriptor of the file, so this process opens it once.
        return IN_THIS_PROCESS.getOrPut(file.path) { Mutex() }.withLock {
            onDisk { RandomAccessFile(file, "rw").channel }.use { channel ->
                lock(channel).use { work() }
            }
        }
    }

    private suspend fun lock(channel: FileChannel): FileLock {
        while (true) {
            onDisk { channel.tryLock() }?.let { return it }
            delay(LOCK_POLL_MS)
        }
    }

    private fun makeFolder() {
        if (folder.isDirectory) return
        if (!folder.mkdirs() && !folder.isDirectory) throw IOException("the folder was not made")
        // For this user, and for nobody else.
        folder.setReadable(false, false)
        folder.setExecutable(false, false)
        folder.setReadable(true)
        folder.setExecutable(true)
    }

    private fun fileOf(key: String): File {
        require(KEY.matches(key)) { "a key has letters, digits, dots and dashes" }
        return File(folder, key)
    }

    private suspend fun <T> onDisk(work: () -> T): T = withContext(Dispatchers.IO) { work() }

    private companion object {
        const val LOCK_POLL_MS = 20L
        val KEY = Regex("[A-Za-z0-9][A-Za-z0-9.-]*")
        val IN_THIS_PROCESS = ConcurrentHashMap<String, Mutex>()
    }
}
