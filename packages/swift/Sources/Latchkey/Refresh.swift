import Foundation

extension Latchkey {
    /// The stored session, refreshed when its access token is about to expire. Concurrent callers share one refresh. `nil`
    /// when nobody is signed in, or when this refresh found that the session has ended. Throws when the refresh failed and no
    /// valid access token is left.
    /// - Parameter refused: an access token that a server answered with 401: refreshed even when it has not expired.
    func freshSession(refused: String? = nil) async throws -> SessionRecord? {
        guard let held = try readSession() else { return nil }
        if held.isFresh(seconds, refused: refused) { return held }
        do {
            return try await sharedRefresh(refused)
        } catch let error as LatchkeyError where error.isTransient {
            if held.accessToken != refused && held.lifeLeft(seconds) > 0 { return held }
            throw error
        }
    }

    private func sharedRefresh(_ refused: String?) async throws -> SessionRecord? {
        if let refreshing { return try await refreshing.value }
        let task = Task { try await self.refresh(refused) }
        refreshing = task
        return try await task.value
    }

    private func refresh(_ refused: String?) async throws -> SessionRecord? {
        defer { refreshing = nil }
        return try await retry { _ in try await self.refreshOnce(refused) }
    }

    /// Reads the session again, because another process or an earlier try may have refreshed it already.
    private func refreshOnce(_ refused: String?) async throws -> SessionRecord? {
        guard let held = try readSession() else { return nil }
        if held.isFresh(seconds, refused: refused) { return held }
        let grant = ["grant_type": "refresh_token", "refresh_token": held.refreshToken]
        let answer: Answer<TokenAnswer>
        do {
            answer = try await requestTokens(grant, held: held)
        } catch let error as LatchkeyError where error.code == LatchkeyError.invalidGrant {
            return try drop(held)
        }
        return try adopt(answer, held)
    }

    /// Calls `POST /v1/token`. A session that was opened without a key is refreshed without a proof. An answer for another
    /// session than the one that is refreshed is not the issuer's: a cache mixed up two people.
    func requestTokens(_ grant: [String: String], held: SessionRecord?) async throws -> Answer<TokenAnswer> {
        let isBound = held?.isBound ?? (keys != nil)
        let clockOffset: TimeInterval? = isBound ? held?.clockOffset ?? 0 : nil
        return try await post("/v1/token", grant, as: TokenAnswer.self, clockOffset: clockOffset) { body in
            body.isComplete && (held == nil || body.sessionId == held?.sessionId)
        }
    }

    /// Stores the answer, unless the session was ended, replaced or refreshed by another process in the meantime. An older
    /// session JWT must not replace a newer one: the server would take it for a copy. There is no `await` in here, so no
    /// sign-in comes between the read and the write.
    private func adopt(_ answer: Answer<TokenAnswer>, _ held: SessionRecord) throws -> SessionRecord? {
        let current = try readSession()
        guard current?.refreshToken == held.refreshToken else { return current }
        return try keepSession(answer, redeemed: held.redeemed)
    }

    /// The same for a refusal: it ends the session that was refused, and no other.
    private func drop(_ held: SessionRecord) throws -> SessionRecord? {
        let current = try readSession()
        guard current?.refreshToken == held.refreshToken else { return current }
        try forgetSession()
        return nil
    }
}
