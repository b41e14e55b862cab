package dev.latchkey.test

import dev.latchkey.HttpRequest
import dev.latchkey.Json
import dev.latchkey.Latchkey
import dev.latchkey.LatchkeyException
import dev.latchkey.Members
import dev.latchkey.State
import dev.latchkey.UrlConnectionHttp
import dev.latchkey.members
import dev.latchkey.number
import dev.latchkey.text
import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

private const val SIDE_BY_SIDE = 4

/**
 * Plays the cases of the torture kit, and prints each verdict as JSON in a line. Arguments: the kit's address; `bound` or
 * `unbound` for cases that leave it open; how often a case may be tried, since a busy machine may be late once and what is broken
 * fails twice; then the names of cases, or none for all.
 */
public fun main(arguments: Array<String>) {
    val kit = Kit(arguments[0])
    val isBound = arguments[1] == "bound"
    runBlocking(Dispatchers.Default) {
        val tries = arguments[2].toInt()
        val named = arguments.drop(3)
        val cases = (kit.call("GET", "/cases")["cases"] as List<*>).map { (it as Map<*, *>)["name"] as String }
        val permits = Semaphore(SIDE_BY_SIDE)
        for (case in named.ifEmpty { cases }) launch {
            var verdict = permits.withPermit { playCase(kit, case, isBound) }
            repeat(tries - 1) {
                if (verdict["pass"] != true) verdict = permits.withPermit { playCase(kit, case, isBound) }
            }
            println(Json.write(mapOf("case" to case) + verdict))
        }
    }
}

private suspend fun playCase(kit: Kit, case: String, isBound: Boolean): Members = try {
    coroutineScope { Run(kit, kit.call("POST", "/cases/$case/runs"), isBound, this).play() }
} catch (error: Exception) {
    mapOf("pass" to false, "wrong" to listOf("the runner: $error"))
}

private class Kit(private val url: String) {
    suspend fun call(method: String, path: String, body: Members? = null): Members {
        val bytes = body?.let { Json.write(it).encodeToByteArray() } ?: "{}".encodeToByteArray().takeIf { method == "POST" }
        val response = UrlConnectionHttp().send(HttpRequest(method, url + path, emptyMap(), bytes), 60_000)
        check(response.isSuccess) { "$method $path: ${response.status} ${response.text}" }
        return Json.membersOrNull(response.text) ?: error("$method $path: no JSON")
    }
}

/** One process of the app. */
private class Process(val latchkey: Latchkey, val storage: ProcessStorage)

private class Run(
    private val kit: Kit,
    private val run: Members,
    private val isBoundIfAny: Boolean,
    private val scope: CoroutineScope,
) {
    private val disk = Disk()
    private val keys = BreakableKeys()
    private val clockOffsetMs = AtomicLong()
    private val sleptMs = AtomicLong()
    private val processes = HashMap<Long, Process>()
    private val calls = HashMap<String, Pair<Process, Deferred<Members>>>()

    suspend fun play(): Members {
        val path = "/runs/${run.text("run")}"
        var step = run.members("step")
        while (step != null) step = kit.call("POST", "$path/outcomes", perform(step)).members("step")
        // What an earlier process still has under way must not keep this run from ending.
        calls.values.forEach { it.second.cancel() }
        return kit.call("GET", "$path/verdict")
    }

    private suspend fun perform(step: Members): Members {
        sleptMs.set(0)
        val number = step.number("client") ?: 1
        val outcome = if (disturb(step, number)) {
            emptyMap()
        } else if (step.text("do") == "join") {
            join(step.text("name")!!)
        } else {
            call(step, number) ?: return emptyMap()
        }
        val more = mapOf("state" to stateOf(number), "storedBytes" to disk.longest(), "sleptMs" to sleptMs.get())
        return outcome + more
    }

    /** Does to the phone what is no call of the client. @return false for a call. */
    private fun disturb(step: Members, number: Long): Boolean {
        when (step.text("do")) {
            "kill" -> kill(number)
            "advanceClock" -> clockOffsetMs.addAndGet(step.number("seconds")!! * 1000)
            "breakStorage" -> disk.failing = step.text("what")
            "mendStorage" -> disk.failing = null
            "backup" -> disk.backup()
            "restoreBackup" -> disk.restore().also { kill(number) }
            "lockKey" -> keys.isLocked = true
            "unlockKey" -> keys.isLocked = false
            "loseKey" -> keys.lose()
            else -> return false
        }
        return true
    }

    /** @return null for a call in the background. */
    private suspend fun call(step: Members, number: Long): Members? {
        val process = process(number)
        val dies = step.members("dies")
        if (dies != null) process.storage.dieAt(dies.number("at")!!, dies["done"] == true)
        val name = step.text("background")
        if (name != null) {
            calls[name] = process to scope.async { outcomeOf(step, process.latchkey) }
            return null
        }
        val outcome = outcomeOf(step, process.latchkey)
        if (dies == null) return outcome
        val died = process.storage.isDead
        kill(number)
        return if (died) mapOf("error" to "killed") else outcome
    }

    private suspend fun join(name: String): Members {
        val (process, call) = calls.remove(name)!!
        return if (process.storage.isDead) mapOf("error" to "killed").also { call.cancel() } else call.await()
    }

    private fun kill(number: Long) {
        processes.remove(number)?.storage?.isDead = true
    }

    private fun process(number: Long): Process = processes.getOrPut(number) {
        val storage = ProcessStorage(disk)
        val isBound = run.text("keys").let { if (it == "any") isBoundIfAny else it == "bound" }
        val latchkey = Latchkey(
            issuer = run.text("baseUrl")!!,
            storage = storage,
            keys = if (isBound) keys else null,
            deviceName = "Torture",
            timeoutMs = run.number("timeoutMs")!!,
            now = { System.currentTimeMillis() + clockOffsetMs.get() },
            sleep = { sleptMs.addAndGet(it) },
        )
        Process(latchkey, storage)
    }

    private suspend fun stateOf(number: Long): String = try {
        show(process(number).latchkey.state()).text("state")!!
    } catch (_: LatchkeyException) {
        "unknown"
    }
}

private suspend fun outcomeOf(step: Members, latchkey: Latchkey): Members = try {
    mapOf("result" to resultOf(step, latchkey))
} catch (error: LatchkeyException) {
    mapOf("error" to error.code, "reason" to error.reason, "retryAfterSeconds" to error.retryAfterSeconds)
        .filterValues { it != null }
} catch (error: Exception) {
    mapOf("error" to "crash", "detail" to error.toString())
}

private suspend fun resultOf(step: Members, latchkey: Latchkey): Any? = when (val name = step.text("do")) {
    "ask" -> latchkey.ask(step.text("email")!!).let { null }
    "resend" -> latchkey.resend().let { null }
    "redeemLink" -> latchkey.redeemLink(step.text("url")!!).id
    "redeemCode" -> latchkey.redeemCode(step.text("code")!!).id
    "accessToken" -> latchkey.accessToken()
    "fetch" -> {
        val body = step.text("body")?.encodeToByteArray()
        val request = HttpRequest(step.text("method") ?: "GET", step.text("url")!!, emptyMap(), body)
        latchkey.send(request).let { mapOf("status" to it.status, "body" to it.text) }
    }
    "session" -> latchkey.session(check = step["check"] == true)?.id
    "signOut" -> latchkey.signOut()
    "signOutEverywhere" -> latchkey.signOutEverywhere(keepCurrent = step["keepCurrent"] == true).let { null }
    else -> throw IllegalArgumentException(name)
}
