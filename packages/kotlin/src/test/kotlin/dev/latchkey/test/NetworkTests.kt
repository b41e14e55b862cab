package dev.latchkey.test

import dev.latchkey.HttpRequest
import dev.latchkey.Latchkey
import dev.latchkey.LatchkeyException
import dev.latchkey.MemoryStorage
import dev.latchkey.UrlConnectionHttp
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketException
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import java.util.zip.GZIPOutputStream
import kotlin.concurrent.thread

private const val TIMEOUT_MS = 1000L

/** Far more than the time limit, for a busy machine, and far less than for ever. */
private const val PATIENCE_MS = 10_000L

/** Takes connections, reads one request from each, and lets a test write the answer byte by byte. */
private class RawServer(private val answer: (OutputStream) -> Unit) : AutoCloseable {
    private val server = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    val url = "http://127.0.0.1:${server.localPort}"
    val requests = CopyOnWriteArrayList<String>()

    val opened = AtomicInteger()

    /** How the client left: true when it closed its connection. */
    val closed = CopyOnWriteArrayList<Boolean>()

    init {
        thread(isDaemon = true) {
            try {
                while (true) server.accept().let { thread(isDaemon = true) { serve(it) } }
            } catch (_: SocketException) {
                // The test is over.
            }
        }
    }

    private fun serve(socket: Socket) = socket.use {
        opened.incrementAndGet()
        val isGone = try {
            requests.add(readRequest(it.getInputStream()))
            answer(it.getOutputStream())
            it.getInputStream().read() < 0
        } catch (_: SocketException) {
            true
        }
        closed.add(isGone)
    }

    private fun readRequest(stream: InputStream): String {
        val head = StringBuilder()
        while (!head.endsWith("\r\n\r\n")) {
            val byte = stream.read()
            if (byte < 0) throw SocketException("the client left before it asked")
            head.append(byte.toChar())
        }
        val length = Regex("content-length: *(\\d+)", RegexOption.IGNORE_CASE).find(head)?.groupValues?.get(1)?.toInt() ?: 0
        return head.toString() + stream.readNBytes(length).decodeToString()
    }

    override fun close() = server.close()
}

/** A server that is asked to close says so (RFC 9112 section 9.6). */
private fun OutputStream.say(text: String) {
    write(text.encodeToByteArray())
    flush()
}

private fun latchkeyAt(url: String) = Latchkey(url, MemoryStorage(), keys = null, timeoutMs = TIMEOUT_MS)

private suspend fun expectLeft(server: RawServer) {
    val startedMs = System.currentTimeMillis()
    expectError(LatchkeyException.OFFLINE) { latchkeyAt(server.url).ask("ada@example.com") }
    expectEqual(System.currentTimeMillis() - startedMs < PATIENCE_MS, true)
    // On a busy machine the time may be over before the connection is open.
    eventually("the client closes its connection") { server.closed.size == server.opened.get() }
    expectEqual(server.closed.all { it }, true)
    expectEqual(server.requests.size <= 1, true)
}

internal val networkTests = listOf(
    Test("leaves a server that never answers when the time is over, and closes the connection") {
        RawServer { }.use { expectLeft(it) }
    },
    Test("leaves a server that stops in the middle of its answer") {
        RawServer { it.say("HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 99\r\n\r\n{\"handle\"") }.use { expectLeft(it) }
    },
    Test("leaves a server that drips its answer for ever") {
        RawServer { out ->
            out.say("HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 999\r\n\r\n")
            while (true) {
                Thread.sleep(50)
                out.say(" ")
            }
        }.use { expectLeft(it) }
    },
    Test("leaves a server that drips its headers for ever") {
        RawServer { out ->
            out.say("HTTP/1.1 202 Accepted\r\nConnection: close\r\nX-Header: ")
            while (true) {
                Thread.sleep(50)
                out.say("x")
            }
        }.use { expectLeft(it) }
    },
    Test("sends an ask once, though the server closes the connection without an answer") {
        RawServer { throw SocketException("closed") }.use { server ->
            expectError(LatchkeyException.OFFLINE) { latchkeyAt(server.url).ask("ada@example.com") }
            expectEqual(server.requests.size, 1)
        }
    },
    Test("follows no redirect: nothing goes to another host") {
        RawServer { }.use { other ->
            RawServer { it.say("HTTP/1.1 307 Temporary Redirect\r\nLocation: ${other.url}/\r\nContent-Length: 0\r\n\r\n") }.use { server ->
                expectError(LatchkeyException.UNAVAILABLE) { latchkeyAt(server.url).ask("ada@example.com") }
                expectEqual(other.requests.size, 0)
            }
        }
    },
    Test("is offline where nobody listens, and where the answer is no HTTP") {
        expectError(LatchkeyException.OFFLINE) { latchkeyAt("http://127.0.0.1:1").ask("ada@example.com") }
        RawServer { it.say("hello\r\n\r\n") }.use { server ->
            expectError(LatchkeyException.OFFLINE) { latchkeyAt(server.url).ask("ada@example.com") }
        }
    },
    Test("reads a compressed answer, and takes one that is not what it says for none") {
        val bytes = ByteArrayOutputStream().also { out -> GZIPOutputStream(out).use { it.write("{}".encodeToByteArray()) } }.toByteArray()
        for ((encoding, body, text) in listOf(Triple("gzip", bytes, "{}"), Triple("gzip", "{}".encodeToByteArray(), null), Triple("br", bytes, null))) {
            RawServer {
                it.say("HTTP/1.1 200 OK\r\nContent-Encoding: $encoding\r\nContent-Length: ${body.size}\r\n\r\n")
                it.write(body)
            }.use { server ->
                val got = try {
                    UrlConnectionHttp().send(HttpRequest("GET", server.url), 5000).text
                } catch (_: IOException) {
                    null
                }
                expectEqual(got, text)
            }
        }
    },
    Test("reads a 401 and its headers, and sends method, headers and body as they are") {
        RawServer { it.say("HTTP/1.1 401 Unauthorized\r\nDPoP-Nonce: n1\r\nWWW-Authenticate: DPoP error=\"use_dpop_nonce\"\r\nContent-Length: 2\r\n\r\n{}") }.use { server ->
            val request = HttpRequest("PUT", "${server.url}/things", mapOf("X-One" to "1"), "body".encodeToByteArray())
            val answer = UrlConnectionHttp().send(request, 5000)
            expectEqual(answer.status, 401)
            expectEqual(answer.header("dpop-nonce"), "n1")
            expectEqual(answer.header("WWW-Authenticate"), "DPoP error=\"use_dpop_nonce\"")
            expectEqual(server.requests[0].startsWith("PUT /things HTTP/1.1\r\n"), true)
            expectEqual(server.requests[0].contains("X-One: 1\r\n"), true)
            expectEqual(server.requests[0].endsWith("\r\n\r\nbody"), true)
        }
    },
)
