package dev.latchkey

/**
 * Deletes the account at the server, and then the session from this device. The server confirms a repeat after a lost answer
 * too. So only a confirmation counts: a session can also end for another reason.
 */
internal suspend fun Client.deleteAccount() {
    retry { callIssuer("DELETE", "/v1/account") }
    takeSession()
}

private val LISTS = listOf("sessions", "links", "requests", "changes")

/** Reads all pages of the export. */
internal suspend fun Client.exportAccount(): Members {
    var whole = readExport(null)
    var cursor = whole.text("nextCursor")
    while (cursor != null) {
        val page = readExport(cursor)
        whole = whole + LISTS.associateWith { listIn(whole, it) + listIn(page, it) }
        cursor = page.text("nextCursor")
    }
    return whole - "nextCursor"
}

private suspend fun Client.readExport(cursor: String?): Members {
    val query = if (cursor == null) "" else "?cursor=${urlEncoded(cursor)}"
    val page = retry { callIssuer("GET", "/v1/account/export$query") }
    page.members("user") ?: throw notFromIssuer()
    for (name in LISTS) listIn(page, name)
    return page
}

private fun listIn(page: Members, name: String): List<*> = page[name] as? List<*> ?: throw notFromIssuer()
