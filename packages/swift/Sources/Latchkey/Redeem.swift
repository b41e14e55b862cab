import Foundation

private let grantPrefix = "urn:latchkey:grant-type:"

extension Latchkey {
    /// Whether a URL that opened the app has a link of Latchkey in it.
    public static func isLink(_ url: URL) -> Bool {
        token(in: url) != nil
    }

    /// Signs in with the URL that opened the app. The link that opened the current session may be tapped again, and answers
    /// with that session.
    public func redeemLink(_ url: URL) async throws -> Session {
        guard let token = Self.token(in: url) else {
            throw LatchkeyError(LatchkeyError.invalidRequest, detail: "this has no link in it")
        }
        // The last 24 characters identify a link, and the record need not hold all of it.
        let redeemed = String(token.suffix(24))
        return try await inTurn {
            try await self.redeem(["grant_type": grantPrefix + "link", "link_token": token], redeemed: redeemed, isCode: false)
        }
    }

    /// Signs in with the six-digit code. Nothing is retried here, because the server may have counted the try. After a lost
    /// answer the person may enter the same code again: the server then gives this device the same session.
    public func redeemCode(_ code: String) async throws -> Session {
        let digits = code.filter { $0.isASCII && $0.isNumber }
        return try await inTurn {
            try await self.redeem(["grant_type": grantPrefix + "code", "code": digits], redeemed: digits, isCode: true)
        }
    }

    /// One sign-in at a time. An actor alone does not see to that: while one call of it waits, it lets others in.
    private func inTurn(_ work: @escaping @Sendable () async throws -> Session) async throws -> Session {
        let before = lastSignIn
        let mine = Task {
            await before?.value
            return try await work()
        }
        lastSignIn = Task { _ = await mine.result }
        return try await mine.value
    }

    /// The server gives the same device the same session for the same link, so a retry after a lost answer is safe.
    private func redeem(_ grant: [String: String], redeemed: String, isCode: Bool) async throws -> Session {
        if let open = try readSession(), open.redeemed == redeemed { return open.session }
        // This device's clock may be wrong, so only the server decides whether the link has expired.
        guard let pending = try readPending(), !isCode || pending.handle != nil else {
            throw LatchkeyError(LatchkeyError.notAsked)
        }
        let more: [String: String?] = [
            "handle": pending.handle,
            "code_verifier": pending.codeVerifier,
            "device_id": pending.deviceId,
            "device_name": deviceName,
        ]
        let request = grant.merging(more.compactMapValues { $0 }) { mine, _ in mine }
        let answer = try await retry(on: isCode ? [] : LatchkeyError.whenUnreachable) { _ in
            try await self.requestTokens(request, held: nil)
        }
        let session = try keepSession(answer, redeemed: redeemed).session
        changed()
        // Deleted last: if storing the session had failed, the link could be redeemed again.
        try forgetPending(pending)
        return session
    }

    /// Some mail programs percent-encode the token. The server decodes it.
    private static func token(in url: URL) -> String? {
        let text = url.absoluteString
        let pattern = "tok(_|%5f)ml(_|%5f)[a-z0-9_%-]+"
        return text.range(of: pattern, options: [.regularExpression, .caseInsensitive]).map { String(text[$0]) }
    }
}
