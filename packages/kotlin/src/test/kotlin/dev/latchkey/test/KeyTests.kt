package dev.latchkey.test

import dev.latchkey.HttpRequest
import dev.latchkey.JavaKey
import dev.latchkey.Json
import dev.latchkey.LatchkeyException
import dev.latchkey.Members
import dev.latchkey.MemoryStorage
import dev.latchkey.StoredKeys
import dev.latchkey.fromBase64url
import dev.latchkey.joseSignature
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec

internal fun headerOf(request: HttpRequest): Members = partOf(request, 0)

/** The payload of a request's proof. */
internal fun proofOf(request: HttpRequest): Members = partOf(request, 1)

private fun partOf(request: HttpRequest, part: Int): Members =
    Json.membersOrNull(fromBase64url(request.headers["DPoP"]!!.split('.')[part]).decodeToString())!!

internal fun newPair(): KeyPair = KeyPairGenerator.getInstance("EC").run {
    initialize(ECGenParameterSpec("secp256r1"))
    generateKeyPair()
}

/** One of about 500 signatures is this short, so this many always have one. */
private const val SHORT_BYTES = 69
private const val SIGNATURES = 20_000

internal val keyTests = listOf(
    Test("turns every DER signature into the 64 bytes of JOSE, short numbers too") {
        val pair = newPair()
        val key = JavaKey(pair)
        val lengths = HashSet<Int>()
        for (number in 1..SIGNATURES) {
            if (number > 1000 && lengths.min() <= SHORT_BYTES) break
            val bytes = "message $number".encodeToByteArray()
            val der = key.sign(bytes)
            lengths.add(der.size)
            val isValid = Signature.getInstance("SHA256withECDSAinP1363Format").run {
                initVerify(pair.public)
                update(bytes)
                verify(joseSignature(der))
            }
            expectEqual(isValid, true)
        }
        expectEqual(lengths.min() <= SHORT_BYTES, true)
    },
    Test("gives the coordinates of a key in 32 bytes, short ones too") {
        repeat(1000) {
            val key = JavaKey(newPair())
            expectEqual(listOf(key.x.size, key.y.size), listOf(32, 32))
        }
    },
    Test("keeps one key for the JVM, over restarts") {
        val storage = MemoryStorage()
        val made = StoredKeys(storage).key()
        val again = StoredKeys(storage).key()
        expectEqual(again.x.toList(), made.x.toList())
    },
    Test("never makes a new key in the place of one that it cannot read") {
        val storage = MemoryStorage().also { it.set("latchkey.key", "{\"spki\":\"AAAA\",\"pkcs8\":\"AAAA\"}") }
        val latchkey = client(FakeIssuer(), keys = StoredKeys(storage))
        latchkey.ask("ada@example.com")
        expectError(LatchkeyException.KEY) { latchkey.redeemLink(LINK) }
        expectEqual(storage.get("latchkey.key"), "{\"spki\":\"AAAA\",\"pkcs8\":\"AAAA\"}")
    },
)
