package dev.latchkey

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.URL
import java.util.zip.GZIPInputStream
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * `HttpURLConnection`, which is on Android and on the JVM. Each request has a connection of its own. The JVM would keep one
 * open in which half an answer has come, and a phone that has changed its network would wait on a dead one. An app that calls
 * its back end often takes an HTTP client of its own, with [Latchkey.headers].
 */
public class UrlConnectionHttp : Http {
    override suspend fun send(request: HttpRequest, timeoutMs: Long): HttpResponse {
        val threads = Dispatchers.IO.asExecutor()
        val connection = open(request, timeoutMs.coerceIn(1, Int.MAX_VALUE.toLong()).toInt())
        return suspendCancellableCoroutine { waiting ->
            waiting.invokeOnCancellation { threads.execute { connection.disconnect() } }
            threads.execute { waiting.resumeWith(runCatching { exchange(connection, request) { waiting.isActive } }) }
        }
    }

    private fun open(request: HttpRequest, timeoutMs: Int): HttpURLConnection {
        val connection = URL(request.url).openConnection() as HttpURLConnection
        connection.requestMethod = request.method
        // Each of them is for one connect or one read. They free the thread when `disconnect` cannot.
        connection.connectTimeout = timeoutMs
        connection.readTimeout = timeoutMs
        connection.instanceFollowRedirects = false
        connection.useCaches = false
        connection.setRequestProperty("Accept", "application/json")
        connection.setRequestProperty("Connection", "close")
        // Android would decompress by itself, the JVM would not. Asked for by name, neither does.
        connection.setRequestProperty("Accept-Encoding", "gzip")
        for ((name, value) in request.headers) connection.setRequestProperty(name, value)
        return connection
    }

    private fun exchange(
        connection: HttpURLConnection,
        request: HttpRequest,
        isWanted: () -> Boolean,
    ): HttpResponse {
        if (!isWanted()) throw unwanted()
        request.body?.let { body ->
            connection.doOutput = true
            // Without this, HttpURLConnection may send a POST again by itself, and a second message would go out.
            connection.setFixedLengthStreamingMode(body.size)
            connection.outputStream.use { it.write(body) }
        }
        val status = connection.responseCode
        if (status < 0) throw IOException("this is no HTTP")
        val stream = if (status < 400) connection.inputStream else connection.errorStream
        val received = stream?.use { readAll(it, isWanted) } ?: ByteArray(0)
        val body = if (received.isEmpty()) received else decoded(received, connection.contentEncoding, isWanted)
        val headers = HashMap<String, String>()
        for ((name, values) in connection.headerFields) {
            if (name != null) headers[name.lowercase()] = values.joinToString(", ")
        }
        return HttpResponse(status, headers, body)
    }

    private fun decoded(received: ByteArray, encoding: String?, isWanted: () -> Boolean): ByteArray = when (encoding?.lowercase()) {
        null, "", "identity" -> received
        "gzip", "x-gzip" -> GZIPInputStream(received.inputStream()).use { readAll(it, isWanted) }
        else -> throw IOException("nobody asked for this encoding")
    }

    private fun readAll(stream: InputStream, isWanted: () -> Boolean): ByteArray {
        val out = ByteArrayOutputStream()
        val chunk = ByteArray(8192)
        while (isWanted()) {
            val read = stream.read(chunk)
            if (read < 0) return out.toByteArray()
            if (out.size() + read > MAX_BYTES) throw IOException("the answer is too large")
            out.write(chunk, 0, read)
        }
        throw unwanted()
    }

    private fun unwanted() = IOException("nobody waits for the answer any more")

    private companion object {
        const val MAX_BYTES = 4 shl 20
    }
}
