package dev.latchkey

/** The members of a JSON object. */
internal typealias Members = Map<String, Any?>

internal fun Members.text(name: String): String? = this[name] as? String

internal fun Members.number(name: String): Long? = (this[name] as? Number)?.toLong()

@Suppress("UNCHECKED_CAST") // The parser makes maps with no other keys.
internal fun Members.members(name: String): Members? = this[name] as? Members

/** Text that is not JSON. It never quotes the text, which may hold a token. */
internal class JsonException(at: Int) : Exception("no JSON at character $at")

/**
 * Reads and writes JSON (RFC 8259). `org.json` is on Android but not on the JVM, and forgives what is not JSON. Values are
 * `Map<String, Any?>`, `List<Any?>`, `String`, `Long`, `Double`, `Boolean` and null.
 */
internal object Json {
    /** @return null for text that is no JSON object. */
    @Suppress("UNCHECKED_CAST")
    fun membersOrNull(text: String): Members? = try {
        parse(text) as? Members
    } catch (_: JsonException) {
        null
    }

    /** @throws JsonException for everything that is not JSON, and for an object that names a member twice. */
    fun parse(text: String): Any? = Reader(text).whole()

    fun write(value: Any?): String = StringBuilder().also { append(it, value) }.toString()

    private fun append(out: StringBuilder, value: Any?) {
        when (value) {
            null, is Boolean, is Int, is Long -> out.append(value)
            is Double -> out.append(if (value.isFinite()) value else throw IllegalArgumentException("$value"))
            is String -> quote(out, value)
            is List<*> -> value.joinTo(out, ",", "[", "]") { write(it) }
            is Map<*, *> -> value.entries.joinTo(out, ",", "{", "}") { (name, one) -> "${write(name as String)}:${write(one)}" }
            else -> throw IllegalArgumentException(value::class.java.name)
        }
    }

    private fun quote(out: StringBuilder, text: String) {
        out.append('"')
        for (char in text) {
            when {
                char == '"' || char == '\\' -> out.append('\\').append(char)
                char < ' ' || char.isSurrogate() -> out.append("\\u").append(char.code.toString(16).padStart(4, '0'))
                else -> out.append(char)
            }
        }
        out.append('"')
    }
}

private class Reader(private val text: String) {
    private var at = 0
    private var depth = 0

    fun whole(): Any? {
        val value = value()
        skipSpace()
        if (at < text.length) fail()
        return value
    }

    private fun value(): Any? {
        skipSpace()
        return when (peek()) {
            '{' -> nested { members() }
            '[' -> nested { items() }
            '"' -> string()
            't' -> word("true", true)
            'f' -> word("false", false)
            'n' -> word("null", null)
            else -> number()
        }
    }

    private fun members(): Map<String, Any?> {
        val members = LinkedHashMap<String, Any?>()
        list('}') {
            skipSpace()
            val name = string()
            if (name in members) fail()
            skipSpace()
            take(':')
            members[name] = value()
        }
        return members
    }

    private fun items(): List<Any?> = ArrayList<Any?>().also { items -> list(']') { items.add(value()) } }

    /** A comma between items, and none at the end. */
    private fun list(end: Char, item: () -> Unit) {
        at++
        skipSpace()
        if (peek() == end) {
            at++
            return
        }
        while (true) {
            item()
            skipSpace()
            if (peek() == end) break
            take(',')
        }
        at++
    }

    /** Without a limit, a short text could use up the stack. */
    private fun <T> nested(work: () -> T): T {
        if (++depth > MAX_DEPTH) fail()
        return work().also { depth-- }
    }

    private fun string(): String {
        take('"')
        val out = StringBuilder()
        while (true) {
            val char = peek()
            at++
            when {
                char == '"' -> return out.toString()
                char == '\\' -> out.append(escaped())
                char < ' ' -> fail()
                else -> out.append(char)
            }
        }
    }

    private fun escaped(): Char {
        val char = peek()
        at++
        if (char == 'u') {
            val code = HEX.matchAt(text, at)?.value ?: fail()
            at += 4
            return code.toInt(16).toChar()
        }
        val index = ESCAPES.indexOf(char)
        return if (index < 0) fail() else ESCAPED[index]
    }

    private fun number(): Any {
        val digits = NUMBER.matchAt(text, at)?.value ?: fail()
        at += digits.length
        return digits.toLongOrNull() ?: digits.toDouble().takeIf { it.isFinite() } ?: fail()
    }

    private fun <T> word(word: String, value: T): T {
        if (!text.startsWith(word, at)) fail()
        at += word.length
        return value
    }

    private fun skipSpace() {
        while (at < text.length && text[at] in " \t\n\r") at++
    }

    private fun take(char: Char) {
        if (peek() != char) fail()
        at++
    }

    private fun peek(): Char = if (at < text.length) text[at] else fail()

    private fun fail(): Nothing = throw JsonException(at)

    private companion object {
        const val MAX_DEPTH = 64
        const val ESCAPES = "\"\\/bfnrt"
        const val ESCAPED = "\"\\/\b\u000c\n\r\t"
        val HEX = Regex("[0-9a-fA-F]{4}")
        val NUMBER = Regex("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
    }
}
