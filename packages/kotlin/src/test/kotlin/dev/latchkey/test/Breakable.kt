package dev.latchkey.test

import dev.latchkey.DeviceKey
import dev.latchkey.DeviceKeys
import dev.latchkey.JavaKey
import dev.latchkey.Storage
import java.io.IOException
import java.security.KeyPairGenerator
import java.security.spec.ECGenParameterSpec

/** What all processes of an app have stored. */
internal class Disk {
    private val items = HashMap<String, String>()
    private var copy = HashMap<String, String>()

    /** `reads`, or `writes`, which are deletes too. */
    @Volatile
    var failing: String? = null

    @Synchronized
    fun read(key: String): String? = if (failing == "reads") throw IOException("locked") else items[key]

    @Synchronized
    fun write(key: String, value: String?) {
        if (failing == "writes") throw IOException("full")
        if (value == null) items.remove(key) else items[key] = value
    }

    @Synchronized
    fun backup() {
        copy = HashMap(items)
    }

    @Synchronized
    fun restore() {
        items.clear()
        items.putAll(copy)
    }

    @Synchronized
    fun longest(): Int = items.values.maxOfOrNull { it.length } ?: 0
}

/** The disk as one process sees it, until it dies. */
internal class ProcessStorage(private val disk: Disk) : Storage {
    private var callsLeft = -1L
    private var isLastDone = false

    @Volatile
    var isDead = false

    /** @param isDone whether the call of the storage at which the process dies is carried out. */
    @Synchronized
    fun dieAt(call: Long, isDone: Boolean) {
        callsLeft = call
        isLastDone = isDone
    }

    override suspend fun get(key: String): String? = step { disk.read(key) }

    override suspend fun set(key: String, value: String): Unit = step { disk.write(key, value) }

    override suspend fun remove(key: String): Unit = step { disk.write(key, null) }

    @Synchronized
    private fun <T> step(work: () -> T): T {
        if (isDead) throw IOException("this process has died")
        if (callsLeft > 0 && --callsLeft == 0L) {
            isDead = true
            if (isLastDone) work()
            throw IOException("this process has died")
        }
        return work()
    }
}

internal class BreakableKeys : DeviceKeys {
    @Volatile
    private var key = newKey()

    @Volatile
    var isLocked = false

    fun lose() {
        key = newKey()
    }

    override suspend fun key(): DeviceKey = if (isLocked) throw IOException("the phone is locked") else key

    private fun newKey(): DeviceKey = KeyPairGenerator.getInstance("EC").run {
        initialize(ECGenParameterSpec("secp256r1"))
        JavaKey(generateKeyPair())
    }
}
