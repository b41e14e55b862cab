package dev.latchkey.test

import dev.latchkey.HttpRequest
import dev.latchkey.HttpResponse
import dev.latchkey.LatchkeyException
import dev.latchkey.MemoryStorage
import dev.latchkey.State
import dev.latchkey.text
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

private const val LATER_MS = 595_000L

/** What an answer of 200 may be that the issuer did not give. */
private val FOREIGN = listOf("<html>Welcome to the hotel</html>", "", "[]", "null", "{}", "{\"access_token\":\"a\"")

private fun foreign(text: String) = HttpResponse(200, emptyMap(), text.encodeToByteArray())

internal val clientTests = listOf(
    Test("refreshes once for all callers that come together") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        issuer.clockMs.addAndGet(LATER_MS)
        val tokens = coroutineScope { List(64) { async { latchkey.accessToken() } }.awaitAll() }
        expectEqual(tokens.toSet(), setOf<String?>("access-2"))
        expectEqual(issuer.bodies("/v1/token").size, 2)
    },
    Test("refreshes when the clock was set back a day, and counts a token's age from its request") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        expectEqual(latchkey.accessToken(), "access-1")
        issuer.clockMs.addAndGet(-86_400_000)
        expectEqual(latchkey.accessToken(), "access-2")
    },
    Test("keeps the session when a 200 comes that the issuer did not give, whatever it is") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        for (text in FOREIGN) {
            issuer.instead = { foreign(text) }
            expectError(LatchkeyException.UNAVAILABLE) { latchkey.accessToken() }
        }
        val members = issuer.tokens(HttpRequest("POST", "$ISSUER/v1/token", body = "{}".encodeToByteArray())).keys
        for (missing in members - "refresh_token_expires_in") {
            issuer.instead = { json(200, issuer.tokens(it) - missing) }
            expectError(LatchkeyException.UNAVAILABLE) { latchkey.accessToken() }
        }
        issuer.instead = { json(200, issuer.tokens(it) + ("session_id" to "ses_of_another")) }
        expectError(LatchkeyException.UNAVAILABLE) { latchkey.accessToken() }
        issuer.instead = { null }
        expectEqual(latchkey.accessToken() != null, true)
    },
    Test("ends the session on invalid_grant alone") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        for (status in listOf(302, 400, 401, 403, 404, 407, 429, 500, 502, 503, 511)) {
            issuer.instead = { HttpResponse(status, emptyMap(), "<html>".encodeToByteArray()) }
            val code = if (status == 429) LatchkeyException.RATE_LIMITED else LatchkeyException.UNAVAILABLE
            expectError(code) { latchkey.accessToken() }
            expectEqual(latchkey.session()?.id, "ses_1")
        }
        issuer.instead = { refused("invalid_grant") }
        expectEqual(latchkey.accessToken(), null)
        expectEqual(latchkey.state(), State.SignedOut)
    },
    Test("gives the old access token while it lasts, when a refresh fails for the moment") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        issuer.clockMs.addAndGet(LATER_MS)
        issuer.instead = { lost() }
        expectEqual(latchkey.accessToken(), "access-1")
        issuer.clockMs.addAndGet(10_000)
        expectError(LatchkeyException.OFFLINE) { latchkey.accessToken() }
    },
    Test("does not overwrite a new sign-in with a refresh that comes late") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        latchkey.ask("grace@example.com")
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        val answer = CompletableDeferred<Unit>()
        issuer.instead = { if (isRefresh(it)) answer.await().let { null } else null }
        coroutineScope {
            val late = async { latchkey.accessToken() }
            eventually("the refresh is sent") { issuer.requests.any(::isRefresh) }
            val opened = latchkey.redeemCode("123456")
            answer.complete(Unit)
            late.await()
            expectEqual(latchkey.session(), opened)
        }
    },
    Test("does not bring back a session that was signed out while it was refreshed") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        val answer = CompletableDeferred<Unit>()
        issuer.instead = { if (isRefresh(it)) answer.await().let { null } else null }
        coroutineScope {
            val late = async { latchkey.accessToken() }
            eventually("the refresh is sent") { issuer.requests.any(::isRefresh) }
            expectEqual(latchkey.signOut(), true)
            answer.complete(Unit)
            expectEqual(late.await(), null)
            expectEqual(latchkey.state(), State.SignedOut)
        }
    },
    Test("refreshes after a 401 once, and answers a challenge for a nonce once") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer, keys = BreakableKeys())
        val challenge = mapOf("www-authenticate" to "DPoP error=\"use_dpop_nonce\"", "dpop-nonce" to "n1")
        issuer.instead = {
            when {
                !it.url.endsWith("/things?x=1") -> null
                proofOf(it).text("nonce") == null -> json(401, emptyMap(), challenge)
                it.headers["Authorization"] == "DPoP access-1" -> json(401, emptyMap())
                else -> json(200, mapOf("htu" to proofOf(it).text("htu")))
            }
        }
        val answer = latchkey.send(HttpRequest("GET", "$ISSUER/things?x=1"))
        expectEqual(answer.text, "{\"htu\":\"$ISSUER/things\"}")
        expectEqual(issuer.requests.count { it.url.endsWith("/things?x=1") }, 3)
        val headers = latchkey.headers("GET", "https://api.latchkey.test/", refused = "DPoP access-2", nonce = "n2")!!
        expectEqual(headers["Authorization"], "DPoP access-3")
        val own = HttpRequest("GET", "https://api.latchkey.test/", headers)
        expectEqual(proofOf(own).text("nonce"), "n2")
    },
    Test("lists all pages of the sessions, and forgets the own one when it is ended") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        val entry = mapOf("createdAt" to 1, "lastUsedAt" to 2, "expiresAt" to 3, "dpopBound" to true, "current" to false)
        issuer.instead = {
            when {
                it.url.endsWith("?cursor=a%2Fb") -> json(200, mapOf("sessions" to listOf(entry + ("id" to "ses_2"))))
                it.url.endsWith("/v1/sessions") -> json(200, mapOf("sessions" to listOf(entry + ("id" to "ses_1")), "nextCursor" to "a/b"))
                else -> null
            }
        }
        expectEqual(latchkey.sessions().map { it.id }, listOf("ses_1", "ses_2"))
        latchkey.endSession("ses_2")
        expectEqual(latchkey.session()?.id, "ses_1")
        latchkey.endSession("ses_1")
        expectEqual(latchkey.session(), null)
    },
    Test("takes a sign-out everywhere whose answer was lost for done, when the next try finds no session") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        var tries = 0
        issuer.instead = {
            when {
                it.method == "DELETE" -> if (tries++ == 0) lost() else json(401, emptyMap())
                isRefresh(it) -> refused("invalid_grant")
                else -> null
            }
        }
        latchkey.signOutEverywhere()
        expectEqual(latchkey.state(), State.SignedOut)
    },
    Test("deletes the account, and repeats that until the server confirms it") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        val answers = ArrayDeque(listOf<() -> HttpResponse>(::lost, { json(503, emptyMap()) }, { json(200, emptyMap()) }))
        issuer.instead = { if (it.url.endsWith("/v1/account")) answers.removeFirstOrNull()?.invoke() else null }
        latchkey.deleteAccount()
        expectEqual(issuer.requests.count { it.method == "DELETE" }, 4)
        expectEqual(latchkey.state(), State.SignedOut)
    },
    Test("says to sign in again, without a refresh, when the sign-in is too old to delete the account") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        val challenge = mapOf("www-authenticate" to "Bearer error=\"insufficient_user_authentication\", max_age=300")
        issuer.instead = { if (it.url.endsWith("/v1/account")) json(401, emptyMap(), challenge) else null }
        expectError(LatchkeyException.SIGN_IN_AGAIN) { latchkey.deleteAccount() }
        expectEqual(issuer.requests.count(::isRefresh), 0)
        expectEqual(latchkey.session()?.id, "ses_1")
    },
    Test("does not say that the account is deleted when the session has ended for another reason") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        issuer.instead = {
            when {
                it.url.endsWith("/v1/account") -> if (issuer.requests.count { sent -> sent.method == "DELETE" } == 1) lost() else json(401, emptyMap())
                isRefresh(it) -> refused("invalid_grant")
                else -> null
            }
        }
        expectError(LatchkeyException.SIGNED_OUT) { latchkey.deleteAccount() }
        expectEqual(latchkey.session(), null)
    },
    Test("exports all pages of what the server stores") {
        val issuer = FakeIssuer()
        val latchkey = signedIn(issuer)
        val page = mapOf("user" to mapOf("id" to "usr_1"), "links" to listOf("l"), "requests" to emptyList<Any>(), "changes" to emptyList<Any>())
        issuer.instead = {
            when (it.url.removePrefix(ISSUER)) {
                "/v1/account/export" -> json(200, page + mapOf("sessions" to listOf("a"), "nextCursor" to "c/d"))
                "/v1/account/export?cursor=c%2Fd" -> json(200, page + mapOf("sessions" to listOf("b")))
                else -> null
            }
        }
        val export = latchkey.exportAccount()
        expectEqual(export["sessions"], listOf("a", "b"))
        expectEqual(export["links"], listOf("l", "l"))
        expectEqual(export.containsKey("nextCursor"), false)
        issuer.instead = { json(200, emptyMap()) }
        expectError(LatchkeyException.UNAVAILABLE) { latchkey.exportAccount() }
    },
    Test("does not replace the session JWT of another process by its own older one") {
        val issuer = FakeIssuer()
        val storage = MemoryStorage()
        val latchkey = signedIn(issuer, storage)
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        val answer = CompletableDeferred<Unit>()
        issuer.instead = { request -> issuer.usual(request).also { if (request === issuer.requests.first(::isRefresh)) answer.await() } }
        coroutineScope {
            val late = async { latchkey.accessToken() }
            eventually("the refresh is sent") { issuer.requests.any(::isRefresh) }
            expectEqual(client(issuer, storage).accessToken(), "access-3")
            answer.complete(Unit)
            expectEqual(late.await(), "access-3")
        }
    },
    Test("stores nothing but what it needs of an answer") {
        val issuer = FakeIssuer()
        val storage = MemoryStorage()
        issuer.instead = { if (it.url.endsWith("/v1/token")) json(200, issuer.tokens(it) + ("padding" to "x".repeat(9999))) else null }
        signedIn(issuer, storage)
        expectEqual(storage.get("latchkey.session")!!.length < 1000, true)
    },
    Test("says storage or key when they fail, and keeps the session") {
        val issuer = FakeIssuer()
        val disk = Disk()
        val keys = BreakableKeys()
        val latchkey = signedIn(issuer, ProcessStorage(disk), keys)
        disk.failing = "reads"
        expectError(LatchkeyException.STORAGE) { latchkey.accessToken() }
        disk.failing = null
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        keys.isLocked = true
        expectError(LatchkeyException.KEY) { latchkey.accessToken() }
        keys.isLocked = false
        expectEqual(latchkey.accessToken(), "access-2")
    },
    Test("refuses to use a bound session without its keys, and does not sign out") {
        val issuer = FakeIssuer()
        val storage = MemoryStorage()
        signedIn(issuer, storage, BreakableKeys())
        issuer.clockMs.addAndGet(LATER_MS + 10_000)
        val without = client(issuer, storage)
        expectError(LatchkeyException.KEY) { without.accessToken() }
        expectEqual(without.session()?.id, "ses_1")
    },
    Test("takes stored text that is no session for none") {
        for (text in listOf("", "{", "null", "{}", "{\"access_token\":\"a\"}")) {
            val storage = MemoryStorage().also { it.set("latchkey.session", text) }
            expectEqual(client(FakeIssuer(), storage).state(), State.SignedOut)
        }
    },
)

internal fun isRefresh(request: HttpRequest): Boolean =
    request.body?.decodeToString()?.contains("\"grant_type\":\"refresh_token\"") == true
