extension Latchkey {
    /// Signs out on this device at once, and then at the server. Answers whether the server confirmed it. If not, this device
    /// has still deleted the tokens, and the session ends when it expires.
    public func signOut() async throws -> Bool {
        let held = try readSession()
        if held != nil { try forgetSession() }
        forgetBrokenKey()
        guard let held else { return true }
        do {
            _ = try await retry { _ in
                try await self.post("/v1/revoke", ["token": held.refreshToken], as: Nothing.self)
            }
            return true
        } catch is LatchkeyError {
            return false
        }
    }

    /// Ends all sessions of the person; with `keepCurrent` all but this one. Throws when the server did not confirm it. This
    /// device then stays signed in.
    public func signOutEverywhere(keepCurrent: Bool = false) async throws {
        try await retry { before in
            do {
                try await self.callIssuer("DELETE", keepCurrent ? "/v1/sessions?keep=current" : "/v1/sessions")
            } catch let error as LatchkeyError where error.code == LatchkeyError.signedOut {
                // The try before this one ended the session, and its answer was lost.
                if before == nil || keepCurrent { throw error }
            }
        }
        if !keepCurrent, try readSession() != nil { try forgetSession() }
    }

    /// Deletes the account at the server, and then the session from this device. The server confirms a repeat after a lost
    /// answer too. So only a confirmation counts: a session can also end for another reason. Throws `sign_in_again` when the
    /// sign-in is older than five minutes: nothing is deleted then. Throws `signed_out` when the session has ended, and nothing
    /// says whether the account was deleted.
    public func deleteAccount() async throws {
        try await retry { _ in try await self.callIssuer("DELETE", "/v1/account") }
        if try readSession() != nil { try forgetSession() }
    }

    private func forgetBrokenKey() {
        guard let keys, (try? keys.key()) == nil else { return }
        try? keys.forget()
    }
}
