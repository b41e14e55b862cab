package dev.latchkey

public data class User(public val id: String, public val email: String)

/** Who is signed in on this device. */
public data class Session(public val id: String, public val user: User, public val dashboardId: String? = null)

private const val SESSION_KEY = "latchkey.session"

/** A token is refreshed this early, so that it does not expire while a request is on its way. */
private const val REFRESH_AHEAD_MS = 60_000L

/**
 * What is stored: the answer of `POST /v1/token`, and beside it
 * - `obtainedAt`: Unix milliseconds by this device's clock, when the request went out. The token is no older than that;
 * - `clockOffsetMs`: the server's time minus this device's time, measured when the answer arrived, so never too large;
 * - `redeemed`: the code or the end of the link that opened the session, so that a second tap on that link is no error.
 */
internal class SessionRecord(val members: Members) {
    val accessToken get() = members.text("access_token")!!
    val tokenType get() = members.text("token_type")!!
    val isBound get() = tokenType == "DPoP"
    val refreshToken get() = members.text("refresh_token")!!
    val id get() = members.text("session_id")!!
    val redeemed get() = members.text("redeemed")
    val clockOffsetMs get() = members.number("clockOffsetMs") ?: 0
    private val expiresInMs get() = members.number("expires_in")!! * 1000

    /** How long the access token is still valid. Negative when it has expired, or when the clock was set back. */
    fun lifeLeftMs(nowMs: Long): Long {
        val ageMs = nowMs - (members.number("obtainedAt") ?: return -1)
        return if (ageMs < 0) -1 else expiresInMs - ageMs
    }

    /** @param refused an access token that a server answered with 401. */
    fun isFresh(nowMs: Long, refused: String?): Boolean =
        accessToken != refused && lifeLeftMs(nowMs) > minOf(REFRESH_AHEAD_MS, expiresInMs / 5)

    fun describe(): Session {
        val user = members.members("user")!!
        return Session(id, User(user.text("id")!!, user.text("email")!!), members.text("dashboard_id"))
    }
}

/** Only such an answer may replace a session: a proxy that answers 200 with something else has not ended it. */
internal fun isTokenAnswer(body: Members): Boolean {
    val user = body.members("user")
    return listOf("access_token", "refresh_token", "session_id").all { !body.text(it).isNullOrEmpty() } &&
        body.text("token_type") in setOf("Bearer", "DPoP") &&
        (body.number("expires_in") ?: 0) > 0 && body.number("server_time") != null &&
        user?.text("id") != null && user.text("email") != null
}

/** @return null when nobody is signed in. @throws LatchkeyException `storage`. */
internal suspend fun Client.readSession(): SessionRecord? =
    readRecord(SESSION_KEY)?.takeIf(::isTokenAnswer)?.let(::SessionRecord)

/** What a server of the future may add is not stored: a vault may limit the size of a value. */
private val KNOWN = setOf(
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "refresh_token_expires_in",
    "session_id",
    "user",
    "dashboard_id",
    "server_time",
)

/** Call it only inside of `exclusively(SESSION)`. */
internal suspend fun Client.keepSession(answer: Answer, redeemed: String?): SessionRecord {
    val user = answer.body.members("user")!!
    val members = answer.body.filterKeys { it in KNOWN } + mapOf(
        "user" to mapOf("id" to user.text("id"), "email" to user.text("email")),
        "obtainedAt" to answer.sentAt,
        "clockOffsetMs" to answer.body.number("server_time")!! * 1000 - answer.arrivedAt,
        "redeemed" to redeemed,
    )
    writeRecord(SESSION_KEY, members)
    return SessionRecord(members)
}

/** Call it only inside of `exclusively(SESSION)`. */
internal suspend fun Client.forgetSession(): Unit = removeRecord(SESSION_KEY)
