package dev.latchkey

/** One of the person's sessions. Times in Unix seconds. */
public data class SessionEntry(
    public val id: String,
    public val deviceName: String?,
    public val createdAt: Long,
    public val lastUsedAt: Long,
    public val expiresAt: Long,
    /** Of the request that opened it. */
    public val ipAddress: String,
    public val userAgent: String,
    /** Bound to a key of its device. */
    public val isBound: Boolean,
    /** The session of this device. */
    public val isCurrent: Boolean,
)

/** All pages, in no particular order. A session that was opened a moment ago may be missing. */
internal suspend fun Client.listSessions(): List<SessionEntry> {
    val all = ArrayList<SessionEntry>()
    var cursor: String? = null
    do {
        val query = if (cursor == null) "" else "?cursor=${urlEncoded(cursor)}"
        val page = retry { callIssuer("GET", "/v1/sessions$query") }
        val entries = page["sessions"] as? List<*> ?: throw notFromIssuer()
        entries.mapTo(all, ::entryOf)
        cursor = page.text("nextCursor")
    } while (cursor != null)
    return all.distinctBy { it.id }
}

/** @throws LatchkeyException `not_found` when this person has no such session, or when it has ended already. */
internal suspend fun Client.endSession(id: String) {
    require(SESSION_ID.matches(id)) { "this is no session id" }
    var unsure = false
    retry {
        try {
            callIssuer("DELETE", "/v1/sessions/$id")
        } catch (error: LatchkeyException) {
            // The try before this one ended the session, and its answer was lost.
            val isOver = error.code == "not_found" || error.code == LatchkeyException.SIGNED_OUT
            if (!(isOver && unsure)) {
                if (error.code in WHEN_UNREACHABLE) unsure = true
                throw error
            }
        }
    }
    takeSession(onlyId = id)
}

private val SESSION_ID = Regex("ses_[\\w-]+")

@Suppress("UNCHECKED_CAST")
private fun entryOf(value: Any?): SessionEntry {
    val entry = value as? Members ?: throw notFromIssuer()
    val number = { name: String -> entry.number(name) ?: throw notFromIssuer() }
    return SessionEntry(
        id = entry.text("id") ?: throw notFromIssuer(),
        deviceName = entry.text("deviceName"),
        createdAt = number("createdAt"),
        lastUsedAt = number("lastUsedAt"),
        expiresAt = number("expiresAt"),
        ipAddress = entry.text("ipAddress").orEmpty(),
        userAgent = entry.text("userAgent").orEmpty(),
        isBound = entry["dpopBound"] == true,
        isCurrent = entry["current"] == true,
    )
}
