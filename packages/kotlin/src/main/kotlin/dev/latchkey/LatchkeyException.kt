package dev.latchkey

/**
 * What went wrong, for a program to act on. The codes are those of `@latchkey/client`. Others come from the server:
 * `link_expired`, `bot_check_failed`, `invalid_dpop_proof` and so on.
 *
 * @property code one of the constants below, or another name that the server gave.
 * @property reason beside [INVALID_GRANT], when the server gives one: `used`, `expired`, `superseded`, `not_approved`.
 * @property retryAfterSeconds how long the server asks the app to wait.
 */
public class LatchkeyException(
    public val code: String,
    public val reason: String? = null,
    public val retryAfterSeconds: Long? = null,
    detail: String? = null,
    cause: Throwable? = null,
) : Exception(if (detail == null) code else "$code: $detail", cause) {
    /** Whether the same call may succeed later. */
    public val isTransient: Boolean get() = code in TRANSIENT

    public companion object {
        /** No answer came. The app may make the same call again. */
        public const val OFFLINE: String = "offline"

        /** Too many requests. The app may make the call again after `retryAfterSeconds`. */
        public const val RATE_LIMITED: String = "rate_limited"

        /** The server, or a proxy in front of it, could not answer. */
        public const val UNAVAILABLE: String = "unavailable"

        /** This link or code does not sign in. `reason` says why, when the server gives one. */
        public const val INVALID_GRANT: String = "invalid_grant"

        /** The call is wrong: for example, the URL has no link in it. */
        public const val INVALID_REQUEST: String = "invalid_request"

        /** Another device asked for this link. The person enters the code there. */
        public const val NOT_ASKED: String = "not_asked"

        /** There is no session. */
        public const val SIGNED_OUT: String = "signed_out"

        /** The server requires a more recent sign-in for this. The session is still live. */
        public const val SIGN_IN_AGAIN: String = "sign_in_again"

        /** The app's storage failed. Nothing is lost: the app may make the same call again. */
        public const val STORAGE: String = "storage"

        /** The app's key store failed. Nothing is lost: the app may make the same call again. */
        public const val KEY: String = "key"

        private val TRANSIENT = setOf(OFFLINE, RATE_LIMITED, UNAVAILABLE, STORAGE, KEY)
    }
}
