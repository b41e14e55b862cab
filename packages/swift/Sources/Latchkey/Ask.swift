import Foundation

private let pendingKey = "latchkey.pending"
private let deviceKey = "latchkey.device"

/// Times in Unix seconds, by this device's clock.
struct PendingRecord: Codable {
    /// RFC 7636. With it and the link anyone can sign in, so it is a secret.
    let codeVerifier: String
    let deviceId: String
    let email: String
    var handle: String?
    var resendAt: TimeInterval?
    var expiresAt: TimeInterval?
    var requestUntil: TimeInterval?
}

private struct Sent: Decodable, Sendable {
    let handle: String?
    let expiresIn: Double
    let resendAfter: Double
    let requestExpiresIn: Double?
}

extension Latchkey {
    public enum PendingState: String, Sendable {
        /// A link may come at any moment.
        case asked
        /// The link's time is over, and until `requestUntil` one may still come by itself: if the address has to be let in
        /// first, the company has been asked. The server says the same of every address, approved or not, since its answer
        /// must tell nobody who is approved. So show both: no message came, or somebody has to let you in.
        case requested
    }

    /// What was asked for. Times by this device's clock.
    public struct Pending: Equatable, Sendable {
        public let state: PendingState
        public let email: String
        public let resendAt: Date?
        public let expiresAt: Date?
        public let requestUntil: Date?
    }

    /// Asks the server to send a link and a code. The answer is the same for every address. The verifier is stored before
    /// the request goes out, so the link works even when the answer is lost. Asking again for the same address uses the
    /// same verifier, so the links of all its messages work. Nothing is retried here, because each request may send a
    /// message.
    /// - Parameters:
    ///   - channel: `email` or `sms`.
    ///   - locale: BCP 47: `de-CH`.
    public func ask(
        email: String,
        channel: String? = nil,
        phoneNumber: String? = nil,
        dashboardId: String? = nil,
        locale: String? = nil
    ) async throws -> Pending {
        let record = try pendingRecord(for: email)
        let request: [String: String?] = [
            "email": email,
            "codeChallenge": base64url(sha256(record.codeVerifier)),
            "channel": channel,
            "phoneNumber": phoneNumber,
            "dashboardId": dashboardId,
            "deviceName": deviceName,
            "locale": locale,
        ]
        return try await sendMessage("/v1/links", request.compactMapValues { $0 }, record)
    }

    /// Sends the same link and code again.
    public func resend() async throws -> Pending {
        guard let record = try livePending(), let handle = record.handle else { throw LatchkeyError(LatchkeyError.notAsked) }
        return try await sendMessage("/v1/links/resend", ["handle": handle], record)
    }

    /// What was asked for and may still open a session, also after a restart. `nil` for nothing.
    public func pending() throws -> Pending? {
        try livePending().map(describe)
    }

    /// `nil` when there is nothing, or when neither a link nor a request is alive.
    func livePending() throws -> PendingRecord? {
        guard let record = try readPending() else { return nil }
        return isOver(record.expiresAt) && isOver(record.requestUntil ?? 0) ? nil : record
    }

    /// The same, whatever this device's clock says, which may be wrong.
    func readPending() throws -> PendingRecord? {
        try readRecord(PendingRecord.self, pendingKey)
    }

    /// Forgets what was asked for, unless it was asked for again in the meantime.
    func forgetPending(_ record: PendingRecord) throws {
        if try readPending()?.codeVerifier == record.codeVerifier { try removeRecord(pendingKey) }
    }

    func describe(_ record: PendingRecord) -> Pending {
        Pending(
            state: isOver(record.expiresAt) ? .requested : .asked,
            email: record.email,
            resendAt: record.resendAt.map { Date(timeIntervalSince1970: $0) },
            expiresAt: record.expiresAt.map { Date(timeIntervalSince1970: $0) },
            requestUntil: record.requestUntil.map { Date(timeIntervalSince1970: $0) }
        )
    }

    private func isOver(_ moment: TimeInterval?) -> Bool {
        moment.map { $0 <= seconds } ?? false
    }

    private func pendingRecord(for email: String) throws -> PendingRecord {
        if let record = try livePending(), record.email == email { return record }
        let record = PendingRecord(codeVerifier: randomText(), deviceId: try knownDeviceId(), email: email)
        try writeRecord(record, pendingKey)
        return record
    }

    private func sendMessage(_ path: String, _ request: [String: String], _ record: PendingRecord) async throws -> Pending {
        let answer = try await post(path, request, as: Sent.self) { $0.expiresIn > 0 && $0.resendAfter > 0 }
        let sent = answer.body
        var asked = record
        asked.handle = sent.handle ?? record.handle
        asked.resendAt = answer.sentAt + sent.resendAfter
        asked.expiresAt = answer.sentAt + sent.expiresIn
        asked.requestUntil = sent.requestExpiresIn.map { answer.sentAt + $0 } ?? record.requestUntil
        // The person may have signed in, or asked for another address, while the answer was on its way.
        if try readPending()?.codeVerifier == record.codeVerifier { try writeRecord(asked, pendingKey) }
        changed()
        return describe(asked)
    }

    /// Made once for this installation.
    private func knownDeviceId() throws -> String {
        struct Device: Codable { let id: String }
        if let known = try deviceId ?? readRecord(Device.self, deviceKey)?.id { return known }
        let made = Device(id: "dev_" + randomText())
        try writeRecord(made, deviceKey)
        return made.id
    }
}
