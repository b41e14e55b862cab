package dev.latchkey.test

import dev.latchkey.LatchkeyException
import dev.latchkey.MemoryStorage
import dev.latchkey.PendingState
import dev.latchkey.State
import dev.latchkey.members
import dev.latchkey.text
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch

internal val signInTests = listOf(
    Test("answers a second tap on the link that has just signed in with the session, also after a restart and a refresh") {
        val issuer = FakeIssuer()
        val storage = MemoryStorage()
        val latchkey = signedIn(issuer, storage)
        val session = latchkey.session()
        expectEqual(latchkey.redeemLink(LINK), session)
        issuer.clockMs.addAndGet(595_000)
        expectEqual(latchkey.accessToken(), "access-2")
        expectEqual(client(issuer, storage).redeemLink(LINK), session)
        expectEqual(issuer.bodies("/v1/token").size, 2)
        expectError(LatchkeyException.NOT_ASKED) { latchkey.redeemLink("tok_ml_another") }
    },
    Test("makes one verifier for asks of one address that come together, and a new one for another address") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        coroutineScope { List(8) { async { latchkey.ask("ada@example.com") } }.awaitAll() }
        latchkey.ask("grace@example.com")
        val challenges = issuer.bodies("/v1/links").map { it.text("codeChallenge") }
        expectEqual(challenges.size, 9)
        expectEqual(challenges.toSet().size, 2)
    },
    Test("stores the verifier before it asks: the link works though the answer was lost") {
        val issuer = FakeIssuer()
        val storage = MemoryStorage()
        issuer.instead = { lost() }
        expectError(LatchkeyException.OFFLINE) { client(issuer, storage).ask("ada@example.com") }
        expectEqual(issuer.requests.size, 1)
        issuer.instead = { null }
        val again = client(issuer, storage)
        expectEqual(again.pending()?.email, "ada@example.com")
        expectError(LatchkeyException.NOT_ASKED) { again.redeemCode("123456") }
        expectEqual(again.redeemLink("myapp://link/tok%5Fml%5Fabc?utm=1").id, "ses_1")
    },
    Test("sends a code once, and the same code gives the session after a lost answer") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        latchkey.ask("ada@example.com")
        issuer.instead = { lost() }
        expectError(LatchkeyException.OFFLINE) { latchkey.redeemCode("123 456") }
        expectEqual(issuer.bodies("/v1/token").map { it.text("code") }, listOf<String?>("123456"))
        issuer.instead = { null }
        expectEqual(latchkey.redeemCode("123456").id, "ses_1")
    },
    Test("sends the same link again until an answer comes, with the same body") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        latchkey.ask("ada@example.com")
        var tries = 0
        issuer.instead = { if (tries++ < 3) lost() else null }
        latchkey.redeemLink(LINK)
        expectEqual(issuer.bodies("/v1/token").size, 4)
        expectEqual(issuer.bodies("/v1/token").toSet().size, 1)
    },
    Test("stores the session of a sign-in whose caller was cancelled") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        latchkey.ask("ada@example.com")
        val answer = CompletableDeferred<Unit>()
        issuer.instead = { answer.await().let { null } }
        val screen = CoroutineScope(Dispatchers.Default).launch { latchkey.redeemLink(LINK) }
        eventually("the link is sent") { issuer.bodies("/v1/token").isNotEmpty() }
        screen.cancel()
        screen.join()
        answer.complete(Unit)
        eventually("the session is stored") { latchkey.session() != null }
    },
    Test("does not bring back what was redeemed, when the answer to a second ask comes late") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        latchkey.ask("ada@example.com")
        val answer = CompletableDeferred<Unit>()
        issuer.instead = { if (it.url.endsWith("/v1/links")) answer.await().let { null } else null }
        coroutineScope {
            val late = async { latchkey.ask("ada@example.com") }
            eventually("the second ask is sent") { issuer.bodies("/v1/links").size == 2 }
            latchkey.redeemLink(LINK)
            answer.complete(Unit)
            late.await()
            expectEqual(latchkey.pending(), null)
        }
    },
    Test("keeps what was asked for when storing the session fails, so that the link works again") {
        val issuer = FakeIssuer()
        val disk = Disk()
        val latchkey = client(issuer, ProcessStorage(disk))
        latchkey.ask("ada@example.com")
        disk.failing = "writes"
        expectError(LatchkeyException.STORAGE) { latchkey.redeemLink(LINK) }
        disk.failing = null
        latchkey.redeemLink(LINK)
        expectEqual(latchkey.pending(), null)
    },
    Test("says asked, then requested, then nothing, where the company is asked to let people in") {
        val issuer = FakeIssuer()
        val answer = mapOf("handle" to "h", "expiresIn" to 900, "resendAfter" to 60, "requestExpiresIn" to 1_209_600)
        issuer.instead = { json(202, answer) }
        val latchkey = client(issuer)
        expectEqual(latchkey.ask("ada@example.com").state, PendingState.ASKED)
        issuer.clockMs.addAndGet(900_000)
        expectEqual(latchkey.pending()?.state, PendingState.REQUESTED)
        issuer.clockMs.addAndGet(1_209_600_000)
        expectEqual(latchkey.state(), State.SignedOut)
    },
    Test("tells who watches every state, from the first one on") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        coroutineScope {
            val seen = CopyOnWriteArrayList<State>()
            val watcher = launch { latchkey.states.toList(seen) }
            suspend fun expectSeen(vararg states: State) = eventually("seen: ${states.toList()}") { seen == states.toList() }
            expectSeen(State.SignedOut)
            val asked = latchkey.ask("ada@example.com")
            expectSeen(State.SignedOut, asked)
            val session = State.SignedIn(latchkey.redeemLink(LINK))
            expectSeen(State.SignedOut, asked, session)
            latchkey.signOut()
            expectSeen(State.SignedOut, asked, session, State.SignedOut)
            watcher.cancel()
        }
    },
    Test("refuses a URL without a link, and the link of a device that asked for nothing") {
        val latchkey = client(FakeIssuer())
        expectError(LatchkeyException.INVALID_REQUEST) { latchkey.redeemLink("https://example.com/") }
        expectError(LatchkeyException.NOT_ASKED) { latchkey.redeemLink(LINK) }
        expectError(LatchkeyException.NOT_ASKED) { latchkey.resend() }
    },
    Test("hands on why a link was refused, and how long to wait") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer)
        latchkey.ask("ada@example.com")
        issuer.instead = { json(400, mapOf("error" to "invalid_grant", "latchkey_reason" to "superseded")) }
        expectEqual(expectError(LatchkeyException.INVALID_GRANT) { latchkey.redeemLink(LINK) }.reason, "superseded")
        val problem = mapOf("type" to "urn:latchkey:problem:rate_limited")
        issuer.instead = { json(429, problem, mapOf("retry-after" to "60")) }
        val limited = expectError(LatchkeyException.RATE_LIMITED) { latchkey.resend() }
        expectEqual(limited.retryAfterSeconds, 60L)
        val dates = mapOf("date" to "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after" to "Sun, 06 Nov 1994 08:50:17 GMT")
        for ((headers, seconds) in listOf(dates to 40L, dates + ("retry-after" to "soon") to null, dates - "date" to null)) {
            issuer.instead = { json(429, emptyMap(), headers) }
            expectEqual(expectError(LatchkeyException.RATE_LIMITED) { latchkey.resend() }.retryAfterSeconds, seconds)
        }
        issuer.instead = { json(410, mapOf("type" to "urn:latchkey:problem:link_expired")) }
        expectError("link_expired") { latchkey.resend() }
    },
    Test("proves its key again with the nonce that the issuer wants, by the issuer's clock") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer, keys = BreakableKeys())
        latchkey.ask("ada@example.com")
        issuer.instead = {
            if (proofOf(it).text("nonce") == "n1") null else json(400, mapOf("error" to "use_dpop_nonce"), mapOf("dpop-nonce" to "n1"))
        }
        latchkey.redeemLink(LINK)
        val proof = proofOf(issuer.requests.last())
        expectEqual(proof.keys, setOf("jti", "htm", "htu", "iat", "nonce"))
        expectEqual(proof.text("htu"), "$ISSUER/v1/token")
        expectEqual(headerOf(issuer.requests.last()).members("jwk")!!.keys, setOf("kty", "crv", "x", "y"))
    },
    Test("does not follow challenges for a nonce for ever") {
        val issuer = FakeIssuer()
        val latchkey = client(issuer, keys = BreakableKeys())
        latchkey.ask("ada@example.com")
        issuer.instead = { json(400, mapOf("error" to "use_dpop_nonce"), mapOf("dpop-nonce" to "n1")) }
        expectError(LatchkeyException.UNAVAILABLE) { latchkey.redeemCode("123456") }
        expectEqual(issuer.bodies("/v1/token").size, 2)
    },
)
