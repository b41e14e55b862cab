import Foundation

private struct ProofHeader: Encodable {
    struct Key: Encodable {
        let kty = "EC"
        let crv = "P-256"
        let x: String
        let y: String
    }

    let typ = "dpop+jwt"
    let alg = "ES256"
    let jwk: Key
}

private struct ProofPayload: Encodable {
    let jti: String
    let htm: String
    let htu: String
    let iat: Int
    let nonce: String?
    let ath: String?
}

extension Latchkey {
    /// Makes a DPoP proof for one request (RFC 9449 section 4.2). Throws `key`.
    /// - Parameter clockOffset: the server's time minus this device's time.
    func proof(for request: URLRequest, clockOffset: TimeInterval, accessToken: String? = nil) throws -> String {
        do {
            guard let keys, let url = request.url, let target = target(url) else {
                throw LatchkeyError(LatchkeyError.key, detail: "there are no keys, or no URL")
            }
            let key = try keys.key()
            let jwk = ProofHeader.Key(x: base64url(key.point.prefix(32)), y: base64url(key.point.suffix(32)))
            let payload = ProofPayload(
                jti: randomText(bytes: 16),
                htm: request.httpMethod ?? "GET",
                htu: target,
                iat: Int((seconds + clockOffset).rounded(.down)),
                nonce: nonces[origin(url)],
                ath: accessToken.map { base64url(sha256($0)) }
            )
            let signed = try base64url(JSON.write(ProofHeader(jwk: jwk))) + "." + base64url(JSON.write(payload))
            return try signed + "." + base64url(key.sign(Data(signed.utf8)))
        } catch {
            throw LatchkeyError(LatchkeyError.key, detail: String(describing: error))
        }
    }

    /// Any answer of a server may bring its next nonce (RFC 9449 section 8.2).
    func keepNonce(_ nonce: String, of url: URL) {
        nonces[origin(url)] = nonce
    }

    /// The URL as it is sent, without query and fragment.
    private func target(_ url: URL) -> String? {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        parts?.query = nil
        parts?.fragment = nil
        if parts?.path == "" { parts?.path = "/" }
        return parts?.string
    }

    private func origin(_ url: URL) -> String {
        let url = url.absoluteURL
        return "\(url.scheme ?? "")://\(url.host ?? ""):\(url.port ?? -1)"
    }
}
