import Foundation

private let sessionKey = "latchkey.session"
/// A token is refreshed this early, so that it does not expire while a request is on its way.
private let refreshAhead: TimeInterval = 60

/// What `POST /v1/token` answers. Durations in seconds, `serverTime` in Unix seconds by the server's clock.
struct TokenAnswer: Decodable, Sendable {
    let accessToken: String
    let tokenType: String
    let expiresIn: Double
    let refreshToken: String
    let sessionId: String
    let user: Latchkey.User
    let dashboardId: String?
    let serverTime: Double

    /// Only such an answer may replace a session: a proxy that answers 200 with something else has not ended it.
    var isComplete: Bool {
        let texts = [accessToken, refreshToken, sessionId, user.id, user.email]
        return !texts.contains("") && ["Bearer", "DPoP"].contains(tokenType) && expiresIn > 0 && serverTime > 0
    }
}

/// What is stored. What a server of the future may add is not: a keychain is no place for it.
struct SessionRecord: Codable, Sendable {
    let accessToken: String
    let tokenType: String
    let expiresIn: Double
    let refreshToken: String
    let sessionId: String
    let user: Latchkey.User
    let dashboardId: String?
    /// Unix seconds by this device's clock, when the request went out: the token is no older than that.
    let obtainedAt: TimeInterval
    /// The server's time minus this device's time, measured when the answer arrived, so never too large.
    let clockOffset: TimeInterval
    /// The code or the end of the link that opened the session, so that a second tap on that link is no error.
    let redeemed: String?

    var isBound: Bool { tokenType == "DPoP" }

    var session: Latchkey.Session { Latchkey.Session(id: sessionId, user: user, dashboardId: dashboardId) }

    /// How long the access token is still valid. Negative when it has expired, or when the clock was set back.
    func lifeLeft(_ now: TimeInterval) -> TimeInterval {
        let age = now - obtainedAt
        return age < 0 ? -1 : expiresIn - age
    }

    /// - Parameter refused: an access token that a server answered with 401.
    func isFresh(_ now: TimeInterval, refused: String?) -> Bool {
        accessToken != refused && lifeLeft(now) > min(refreshAhead, expiresIn / 5)
    }
}

extension Latchkey {
    public struct User: Codable, Equatable, Sendable {
        public let id: String
        public let email: String
    }

    /// Who is signed in on this device.
    public struct Session: Equatable, Sendable {
        public let id: String
        public let user: User
        public let dashboardId: String?
    }

    func readSession() throws -> SessionRecord? {
        try readRecord(SessionRecord.self, sessionKey)
    }

    func keepSession(_ answer: Answer<TokenAnswer>, redeemed: String?) throws -> SessionRecord {
        let body = answer.body
        let record = SessionRecord(
            accessToken: body.accessToken,
            tokenType: body.tokenType,
            expiresIn: body.expiresIn,
            refreshToken: body.refreshToken,
            sessionId: body.sessionId,
            user: body.user,
            dashboardId: body.dashboardId,
            obtainedAt: answer.sentAt,
            clockOffset: body.serverTime - answer.arrivedAt,
            redeemed: redeemed
        )
        try writeRecord(record, sessionKey)
        return record
    }

    func forgetSession() throws {
        try removeRecord(sessionKey)
        changed()
    }
}
