import Foundation

/// RFC 9470 section 3.
private let tooOld = "insufficient_user_authentication"

extension Latchkey {
    /// Sends a request as the person who is signed in. After a 401 it tries again: once with a refreshed token, and once with
    /// the nonce that the server requires. It follows no redirect. Call only servers that may see the token. Throws
    /// `signed_out` without a session, `offline` without an answer, or another code when a token could not be refreshed.
    public func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse) {
        guard var session = try await freshSession() else { throw LatchkeyError(LatchkeyError.signedOut) }
        var challenged = false
        var refreshed = false
        while true {
            let (data, response) = try await exchange(authorise(request, session))
            // A stream can be sent only once.
            if response.statusCode != 401 || request.httpBodyStream != nil { return (data, response) }
            let challenge = response.value(forHTTPHeaderField: "WWW-Authenticate") ?? ""
            if !challenged && challenge.contains("use_dpop_nonce") {
                challenged = true
                continue
            }
            // A refresh does not make a sign-in more recent.
            if refreshed || challenge.contains(tooOld) { return (data, response) }
            refreshed = true
            guard let fresh = try await freshSession(refused: session.accessToken) else { return (data, response) }
            session = fresh
        }
    }

    /// The request with `Authorization` and, for a bound session, `DPoP`, for a URLSession of your own. A proof is good for
    /// one request. `nil` when nobody is signed in. After a 401, call it once more with the answer, and send the request again.
    /// - Parameter answer: the last answer of that server, when it was 401.
    public func authorised(_ request: URLRequest, after answer: HTTPURLResponse? = nil) async throws -> URLRequest? {
        if let nonce = answer?.value(forHTTPHeaderField: "DPoP-Nonce"), let url = request.url { keepNonce(nonce, of: url) }
        let challenge = answer?.value(forHTTPHeaderField: "WWW-Authenticate") ?? ""
        let wasRefused = answer?.statusCode == 401 && !challenge.contains("use_dpop_nonce")
        let refused = wasRefused ? try readSession()?.accessToken : nil
        return try await freshSession(refused: refused).map { try authorise(request, $0) }
    }

    /// Calls the issuer as the person who is signed in. Throws for every answer but success.
    func callIssuer(_ method: String, _ path: String) async throws {
        let (data, response) = try await send(issuerRequest(method, path))
        if response.statusCode == 401 {
            let challenge = response.value(forHTTPHeaderField: "WWW-Authenticate") ?? ""
            throw LatchkeyError(challenge.contains(tooOld) ? LatchkeyError.signInAgain : LatchkeyError.signedOut)
        }
        guard response.isSuccess else { throw refusal(response, data) }
        // A proxy may answer 200 to everything.
        let isDone = method != "DELETE" || response.statusCode == 204
        guard isDone, JSON.read(Nothing.self, data) != nil else { throw LatchkeyError.notFromIssuer }
    }

    private func authorise(_ request: URLRequest, _ session: SessionRecord) throws -> URLRequest {
        let token = session.accessToken
        var authorised = request
        authorised.setValue("\(session.tokenType) \(token)", forHTTPHeaderField: "Authorization")
        if session.isBound {
            let proof = try proof(for: request, clockOffset: session.clockOffset, accessToken: token)
            authorised.setValue(proof, forHTTPHeaderField: "DPoP")
        }
        return authorised
    }
}
