package dev.latchkey.test

import dev.latchkey.FileStorage
import dev.latchkey.StorageCipher
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull

/** Holds a lock of the folder, says so, and dies with it when its input ends. */
internal object Holder {
    @JvmStatic
    fun main(arguments: Array<String>): Unit = runBlocking {
        FileStorage(File(arguments[0])).exclusively("session") {
            println("held")
            System.`in`.read()
            Runtime.getRuntime().halt(1)
        }
    }
}

private suspend fun inFolder(work: suspend (File) -> Unit) {
    val folder = Files.createTempDirectory("latchkey-storage-").toFile()
    try {
        work(folder)
    } finally {
        folder.deleteRecursively()
    }
}

private suspend fun expectIoError(work: suspend () -> Any?) {
    val got = try {
        work()
    } catch (_: IOException) {
        return
    }
    throw AssertionError("expected an IOException, got $got")
}

private fun startHolder(folder: File): Process {
    val classPath = System.getProperty("java.class.path")
    val process = ProcessBuilder("java", "-cp", classPath, Holder::class.java.name, folder.path)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
    expectEqual(process.inputStream.bufferedReader().readLine(), "held")
    return process
}

internal val storageTests = listOf(
    Test("keeps, replaces and removes values in files that only this user may read") {
        inFolder { parent ->
            val folder = File(parent, "a/b")
            val storage = FileStorage(folder)
            expectEqual(storage.get("latchkey.session"), null)
            storage.set("latchkey.session", "one")
            storage.set("latchkey.session", "zwei: ü🗝")
            expectEqual(FileStorage(folder).get("latchkey.session"), "zwei: ü🗝")
            val mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.toPath()))
            expectEqual(mode.takeLast(6), "------")
            storage.remove("latchkey.session")
            storage.remove("latchkey.session")
            expectEqual(storage.get("latchkey.session"), null)
        }
    },
    Test("keeps the old value when the process dies while it writes the new one") {
        inFolder { folder ->
            val storage = FileStorage(folder)
            storage.set("latchkey.session", "old")
            File(folder, "latchkey.session.next").writeText("ne")
            expectEqual(storage.get("latchkey.session"), "old")
            storage.set("latchkey.session", "new")
            expectEqual(storage.get("latchkey.session"), "new")
            expectEqual(folder.list()!!.toList(), listOf("latchkey.session"))
        }
    },
    Test("throws, instead of saying that nothing is stored, when it cannot read") {
        inFolder { folder ->
            File(folder, "latchkey.session").mkdir()
            expectIoError { FileStorage(folder).get("latchkey.session") }
            File(folder, "plain").writeText("")
            expectIoError { FileStorage(File(folder, "plain/below")).set("latchkey.session", "x") }
        }
    },
    Test("writes only what its cipher sealed, and takes for lost what the cipher can never open") {
        inFolder { folder ->
            val cipher = object : StorageCipher {
                override fun seal(plain: ByteArray) = plain.map { (it + 1).toByte() }.toByteArray()

                override fun open(sealed: ByteArray) = sealed.map { (it - 1).toByte() }.toByteArray().takeIf { it.size == 2 }
            }
            val storage = FileStorage(folder, cipher)
            storage.set("key", "ab")
            expectEqual(File(folder, "key").readText(), "bc")
            expectEqual(storage.get("key"), "ab")
            File(folder, "key").writeText("b")
            expectEqual(storage.get("key"), null)
        }
    },
    Test("lets one coroutine of a process in at a time, whichever storage of the folder it has") {
        inFolder { folder ->
            val inside = AtomicInteger()
            val most = AtomicInteger()
            coroutineScope {
                List(32) {
                    async(Dispatchers.IO) {
                        FileStorage(folder).exclusively("session") {
                            most.accumulateAndGet(inside.incrementAndGet(), ::maxOf)
                            Thread.sleep(2)
                            inside.decrementAndGet()
                        }
                    }
                }.awaitAll()
            }
            expectEqual(most.get(), 1)
        }
    },
    Test("waits for another process, and goes on when that one dies") {
        inFolder { folder ->
            val holder = startHolder(folder)
            try {
                val storage = FileStorage(folder)
                expectEqual(withTimeoutOrNull(300) { storage.exclusively("session") { "in" } }, null)
                expectEqual(storage.exclusively("refresh") { "in" }, "in")
                holder.outputStream.close()
                expectEqual(storage.exclusively("session") { "in" }, "in")
            } finally {
                holder.destroyForcibly()
            }
        }
    },
)
