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

    private func forgetBrokenKey() {
        guard let keys, (try? keys.key()) == nil else { return }
        try? keys.forget()
    }
}
