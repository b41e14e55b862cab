/// What went wrong, for a program to act on. The codes are those of `@latchkey/client`. Others come from the server:
/// `link_expired`, `bot_check_failed`, `invalid_dpop_proof` and so on.
public struct LatchkeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No answer came. The app may make the same call again.
    public static let offline = "offline"
    /// Too many requests. The app may make the call again after `retryAfterSeconds`.
    public static let rateLimited = "rate_limited"
    /// The server, or a proxy in front of it, could not answer.
    public static let unavailable = "unavailable"
    /// This link or code does not sign in. `reason` says why, when the server gives one.
    public static let invalidGrant = "invalid_grant"
    /// The call is wrong: for example, the URL has no link in it.
    public static let invalidRequest = "invalid_request"
    /// Another device asked for this link. The person enters the code there.
    public static let notAsked = "not_asked"
    /// There is no session.
    public static let signedOut = "signed_out"
    /// The server requires a more recent sign-in for this. The session is still live.
    public static let signInAgain = "sign_in_again"
    /// The app's storage failed. Nothing is lost: the app may make the same call again.
    public static let storage = "storage"
    /// The app's key store failed. Nothing is lost: the app may make the same call again.
    public static let key = "key"

    /// One of the names above, or another one that the server gave.
    public let code: String
    /// Beside `invalidGrant`, when the server gives one: `used`, `expired`, `superseded`, `not_approved`.
    public let reason: String?
    /// How long the server asks the app to wait.
    public let retryAfterSeconds: Int?
    /// For people who develop the app.
    public let detail: String?

    public init(_ code: String, reason: String? = nil, retryAfterSeconds: Int? = nil, detail: String? = nil) {
        self.code = code
        self.reason = reason
        self.retryAfterSeconds = retryAfterSeconds
        self.detail = detail
    }

    /// Whether the same call may succeed later.
    public var isTransient: Bool {
        [Self.offline, Self.rateLimited, Self.unavailable, Self.storage, Self.key].contains(code)
    }

    public var description: String { detail.map { "\(code): \($0)" } ?? code }

    static let whenUnreachable: Set<String> = [offline, unavailable]
    static let notFromIssuer = LatchkeyError(unavailable, detail: "the issuer did not give this answer")
}
