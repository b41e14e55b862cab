package dev.latchkey.test

import dev.latchkey.FileStorage
import dev.latchkey.HttpRequest
import dev.latchkey.Json
import dev.latchkey.JsonException
import dev.latchkey.Latchkey
import dev.latchkey.LatchkeyException
import dev.latchkey.Members
import dev.latchkey.Pending
import dev.latchkey.Session
import dev.latchkey.State
import dev.latchkey.StoredKeys
import dev.latchkey.text
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/**
 * A phone that a program in another language holds in its hand. It reads one call as JSON in each line, runs them side by side,
 * and writes one answer in each line. Arguments: the issuer, the storage's folder, and `bound` or `unbound`.
 */
public fun main(arguments: Array<String>) {
    val (issuer, folder, binding) = arguments
    val storage = FileStorage(File(folder))
    val latchkey = Latchkey(issuer, storage, if (binding == "bound") StoredKeys(storage) else null, deviceName = "Kotlin")
    runBlocking(Dispatchers.Default) {
        for (line in generateSequence(::readlnOrNull)) {
            val call = Json.membersOrNull(line) ?: continue
            launch { answer(call, latchkey) }
        }
    }
}

private suspend fun answer(call: Members, latchkey: Latchkey) {
    val answer = try {
        mapOf("result" to run(call, latchkey))
    } catch (error: LatchkeyException) {
        mapOf("error" to mapOf("code" to error.code, "reason" to error.reason, "message" to error.message))
    } catch (error: Exception) {
        mapOf("error" to mapOf("code" to error.toString()))
    }
    val line = Json.write(mapOf("id" to call["id"]) + answer)
    synchronized(System.out) { println(line) }
}

private suspend fun run(call: Members, latchkey: Latchkey): Any? = when (val name = call.text("call")) {
    "ask" -> show(latchkey.ask(call.text("email")!!, locale = "en"))
    "resend" -> show(latchkey.resend())
    "redeemLink" -> show(latchkey.redeemLink(call.text("link")!!))
    "redeemCode" -> show(latchkey.redeemCode(call.text("code")!!))
    "session" -> latchkey.session(check = call["check"] == true)?.let(::show)
    "state" -> show(latchkey.state())
    "accessToken" -> latchkey.accessToken()
    "headers" -> latchkey.headers(call.text("method")!!, call.text("url")!!, call.text("refused"), call.text("nonce"))
    "send" -> latchkey.send(HttpRequest(call.text("method")!!, call.text("url")!!)).let { mapOf("status" to it.status, "text" to it.text) }
    "sessions" -> latchkey.sessions().map { mapOf("id" to it.id, "isCurrent" to it.isCurrent, "isBound" to it.isBound, "deviceName" to it.deviceName) }
    "endSession" -> latchkey.endSession(call.text("sessionId")!!).let { null }
    "signOut" -> latchkey.signOut()
    "signOutEverywhere" -> latchkey.signOutEverywhere(keepCurrent = call["keepCurrent"] == true).let { null }
    "deleteAccount" -> latchkey.deleteAccount().let { null }
    "exportAccount" -> latchkey.exportAccount()
    "json" -> (call["texts"] as List<*>).map { readJson(it as String) }
    else -> throw IllegalArgumentException(name)
}

private fun readJson(text: String): Any? = try {
    mapOf("value" to Json.parse(text))
} catch (_: JsonException) {
    null
}

internal fun show(state: State): Members = when (state) {
    is State.SignedOut -> mapOf("state" to "signed_out")
    is State.SignedIn -> mapOf("state" to "signed_in") + show(state.session)
    is Pending -> mapOf(
        "state" to state.state.name.lowercase(),
        "email" to state.email,
        "resendAt" to state.resendAt,
        "expiresAt" to state.expiresAt,
    )
}

internal fun show(session: Session): Members = mapOf(
    "id" to session.id,
    "user" to mapOf("id" to session.user.id, "email" to session.user.email),
    "dashboardId" to session.dashboardId,
)
