package dev.latchkey

import java.io.IOException

public class HttpRequest(
    public val method: String,
    public val url: String,
    public val headers: Map<String, String> = emptyMap(),
    public val body: ByteArray? = null,
)

/** @property headers names in lower case. */
public class HttpResponse(
    public val status: Int,
    public val headers: Map<String, String>,
    public val body: ByteArray,
) {
    public val text: String get() = body.decodeToString()

    public val isSuccess: Boolean get() = status in 200..299

    public fun header(name: String): String? = headers[name.lowercase()]
}

/** Sends one request, and gives back every answer, of any status. It must follow no redirect, and send a request once. */
public fun interface Http {
    /**
     * It must also end when its coroutine is cancelled, which [Latchkey] does when the time is over.
     *
     * @param timeoutMs the whole answer must have come by then.
     * @throws IOException when it has not.
     */
    @Throws(IOException::class)
    public suspend fun send(request: HttpRequest, timeoutMs: Long): HttpResponse
}
