package dev.latchkey.test

import dev.latchkey.Json
import dev.latchkey.LatchkeyException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** A sentence about behaviour, and what shows it. */
internal class Test(val name: String, val work: suspend () -> Unit)

private const val TIME_LIMIT_MS = 20_000L

/** Runs every test, and prints one line of JSON for each. */
public fun main() {
    runBlocking(Dispatchers.Default) {
        for (test in clientTests + signInTests + networkTests + storageTests + keyTests + androidTests) {
            val error = try {
                withTimeout(TIME_LIMIT_MS) { test.work() }
                null
            } catch (error: Throwable) {
                error.stackTraceToString().take(2000)
            }
            println(Json.write(mapOf("name" to test.name, "error" to error)))
        }
    }
}

internal fun <T> expectEqual(actual: T, expected: T) {
    if (actual != expected) throw AssertionError("expected $expected, got $actual")
}

internal suspend fun expectError(code: String, work: suspend () -> Any?): LatchkeyException {
    val got = try {
        work()
    } catch (error: LatchkeyException) {
        expectEqual(error.code, code)
        return error
    }
    throw AssertionError("expected the error $code, got $got")
}

/** Waits for what another coroutine is about to do. */
internal suspend fun eventually(what: String, condition: suspend () -> Boolean) {
    repeat(400) {
        if (condition()) return
        kotlinx.coroutines.delay(10)
    }
    throw AssertionError("never: $what")
}
