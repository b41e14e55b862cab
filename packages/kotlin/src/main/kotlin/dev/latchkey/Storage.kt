package dev.latchkey

import java.util.concurrent.ConcurrentHashMap

/** Where the app stores secrets. Each [Latchkey] needs a storage of its own. */
public interface Storage {
    /** @return null when nothing is stored. It must throw when what is stored cannot be read at the moment. */
    public suspend fun get(key: String): String?

    /** Replaces the whole value, or throws and leaves the old one: it must be atomic, and stored when it returns. */
    public suspend fun set(key: String, value: String)

    public suspend fun remove(key: String)

    /**
     * Runs [work] while no other process of the app runs work under this name. A storage that several processes share
     * must do that. [Latchkey] itself lets only one coroutine of this process in.
     */
    public suspend fun <T> exclusively(name: String, work: suspend () -> T): T = work()
}

/** Lasts as long as the process: for tests and tools. */
public class MemoryStorage : Storage {
    private val items = ConcurrentHashMap<String, String>()

    override suspend fun get(key: String): String? = items[key]

    override suspend fun set(key: String, value: String) {
        items[key] = value
    }

    override suspend fun remove(key: String) {
        items.remove(key)
    }
}
