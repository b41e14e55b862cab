import Foundation

/// Times in Unix seconds, by this device's clock.
struct Answer<Body: Sendable>: Sendable {
    let body: Body
    let sentAt: TimeInterval
    let arrivedAt: TimeInterval
}

/// An error of RFC 6749 section 5.2 or RFC 9457.
private struct Refusal: Decodable {
    let error: String?
    let errorDescription: String?
    let latchkeyReason: String?
    let type: String?
    let detail: String?
}

extension Latchkey {
    /// Sends one request to the issuer, and a second one when the issuer requires a nonce in the proof (RFC 9449 section 8).
    /// Throws for every answer but success.
    /// - Parameters:
    ///   - clockOffset: when given, the request carries a proof of the device's key.
    ///   - isComplete: whether the issuer itself gave this answer. A captive portal, such as a hotel's sign-in page, answers
    ///     200 as well.
    func post<Body: Decodable & Sendable>(
        _ path: String,
        _ members: [String: String],
        as type: Body.Type,
        clockOffset: TimeInterval? = nil,
        isComplete: (Body) -> Bool = { _ in true }
    ) async throws -> Answer<Body> {
        var request = issuerRequest("POST", path)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSON.write(members)
        for _ in 1...2 {
            if let clockOffset {
                request.setValue(try proof(for: request, clockOffset: clockOffset), forHTTPHeaderField: "DPoP")
            }
            let sentAt = seconds
            let (data, response) = try await exchange(request)
            if response.isSuccess {
                guard let body = JSON.read(type, data), isComplete(body) else { throw LatchkeyError.notFromIssuer }
                return Answer(body: body, sentAt: sentAt, arrivedAt: seconds)
            }
            guard JSON.read(Refusal.self, data)?.error == "use_dpop_nonce" else { throw refusal(response, data) }
        }
        // A nonce may end between two requests. The next try has the newest one.
        throw LatchkeyError(LatchkeyError.unavailable, detail: "another nonce is wanted")
    }

    func issuerRequest(_ method: String, _ path: String) -> URLRequest {
        var request = URLRequest(url: URL(string: issuer + path)!)
        request.httpMethod = method
        return request
    }

    /// Throws `offline` when the whole answer has not come in time.
    func exchange(_ request: URLRequest) async throws -> (Data, HTTPURLResponse) {
        let transport = self.transport
        // A task of its own, which ends with its answer, even when the caller is cancelled.
        let sending = Task { try await transport.send(request) }
        guard case .success(let (data, response)) = await sending.result else {
            throw LatchkeyError(LatchkeyError.offline)
        }
        if let nonce = response.value(forHTTPHeaderField: "DPoP-Nonce"), let url = request.url {
            keepNonce(nonce, of: url)
        }
        return (data, response)
    }

    /// The issuer sends no other form of error, so any other is `unavailable`.
    func refusal(_ response: HTTPURLResponse, _ data: Data) -> LatchkeyError {
        let body = JSON.read(Refusal.self, data)
        let prefix = "urn:latchkey:problem:"
        let type = body?.type ?? ""
        let named = body?.error ?? (type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : LatchkeyError.unavailable)
        let isRefusal = (400...499).contains(response.statusCode)
        return LatchkeyError(
            response.statusCode == 429 ? LatchkeyError.rateLimited : isRefusal ? named : LatchkeyError.unavailable,
            reason: body?.latchkeyReason,
            retryAfterSeconds: retryAfterSeconds(response),
            detail: body?.errorDescription ?? body?.detail
        )
    }

    /// Proxies may give a date (RFC 9110 section 10.2.3). It is compared with the date of the same answer.
    private func retryAfterSeconds(_ response: HTTPURLResponse) -> Int? {
        guard let text = response.value(forHTTPHeaderField: "Retry-After") else { return nil }
        if let wait = Int(text) { return wait > 0 ? wait : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let until = format.date(from: text) else { return nil }
        let sentAt = format.date(from: response.value(forHTTPHeaderField: "Date") ?? "") ?? now()
        let wait = until.timeIntervalSince(sentAt).rounded(.up)
        return wait > 0 && wait < 1e9 ? Int(wait) : nil
    }
}

extension HTTPURLResponse {
    var isSuccess: Bool { (200...299).contains(statusCode) }
}
