import CryptoKit
import XCTest

@testable import Latchkey

final class SessionTests: XCTestCase {
    private func signedIn(_ issuer: FakeIssuer, keys: (any LatchkeyKeys)? = nil, clock: Clock = Clock()) async throws -> Latchkey {
        let latchkey = client(issuer, keys: keys, clock: clock)
        _ = try await latchkey.ask(email: "ada@example.com")
        _ = try await latchkey.redeemLink(link)
        return latchkey
    }

    func testKeepsTheSessionWhenA200IsNoAnswerOfTheIssuer() async throws {
        let issuer = FakeIssuer()
        let clock = Clock()
        let latchkey = try await signedIn(issuer, clock: clock)
        let others = ["<html>", "", "{\"access_token\":\"a\"}", "{\"error\":\"invalid_grant\"}", tokens(session: 9, token: 9)]
        for body in others {
            clock.advance(601)
            issuer.instead.with { $0 = { _ in Reply(body: body) } }
            await expectError(LatchkeyError.unavailable) { try await latchkey.accessToken() }
            issuer.instead.with { $0 = { _ in nil } }
            let token = try await latchkey.accessToken()
            XCTAssertNotNil(token)
        }
    }

    /// The answer of a refresh comes after a new sign-in, which began while the refresh was on its way.
    private func late(_ reply: Reply) async throws {
        let issuer = FakeIssuer()
        let clock = Clock()
        let latchkey = try await signedIn(issuer, clock: clock)
        clock.advance(601)
        let arrived = AsyncStream<Void>.makeStream()
        let released = AsyncStream<Void>.makeStream()
        issuer.instead.with {
            $0 = { request in
                guard String(decoding: request.httpBody ?? Data(), as: UTF8.self).contains("refresh_token") else { return nil }
                arrived.continuation.finish()
                for await _ in released.stream {}
                return reply
            }
        }
        let refresh = Task { try await latchkey.accessToken() }
        for await _ in arrived.stream {}
        _ = try await latchkey.ask(email: "ada@example.com")
        let second = URL(string: "latchkey://link/tok_ml_another-link-0123456789abcdef")!
        let session = try await latchkey.redeemLink(second)
        released.continuation.finish()
        _ = try await refresh.value
        let current = try await latchkey.session()
        XCTAssertEqual(current, session)
        XCTAssertEqual(session.id, "ses_2")
    }

    func testALateRefreshDoesNotOverwriteANewSignIn() async throws {
        try await late(Reply(body: tokens(session: 1, token: 99)))
    }

    func testALateRefusalDoesNotEndANewSignIn() async throws {
        try await late(Reply(status: 400, body: "{\"error\":\"invalid_grant\"}"))
    }

    func testServesFiveCallersByOneRefresh() async throws {
        let issuer = FakeIssuer()
        let clock = Clock()
        let latchkey = try await signedIn(issuer, clock: clock)
        clock.advance(601)
        await withTaskGroup(of: String?.self) { group in
            for _ in 1...5 { group.addTask { try? await latchkey.accessToken() } }
            for await token in group { XCTAssertEqual(token, "access-3") }
        }
        XCTAssertEqual(issuer.bodies("/v1/token").count, 2)
    }

    func testStoresTheAnswerWhenItsCallerIsCancelled() async throws {
        let issuer = FakeIssuer()
        let clock = Clock()
        let latchkey = try await signedIn(issuer, clock: clock)
        clock.advance(601)
        issuer.instead.with {
            $0 = { _ in
                try await Task.sleep(nanoseconds: 50_000_000)
                return nil
            }
        }
        let call = Task { try await latchkey.accessToken() }
        call.cancel()
        _ = try await call.value
        let token = try await latchkey.accessToken()
        XCTAssertEqual(token, "access-3")
        XCTAssertEqual(issuer.bodies("/v1/token").count, 2)
    }

    func testOnlyInvalidGrantEndsTheSession() async throws {
        let issuer = FakeIssuer()
        let clock = Clock()
        let latchkey = try await signedIn(issuer, clock: clock)
        clock.advance(601)
        for status in [401, 403, 404, 407, 502, 511, 302] {
            issuer.instead.with { $0 = { _ in Reply(status: status, body: "<html>") } }
            await expectError(LatchkeyError.unavailable) { try await latchkey.accessToken() }
        }
        issuer.instead.with { $0 = { _ in Reply(status: 400, body: "{\"error\":\"invalid_grant\"}") } }
        let token = try await latchkey.accessToken()
        XCTAssertNil(token)
        let state = try await latchkey.state()
        XCTAssertEqual(state, .signedOut)
    }

    func testProvesItsKeyByTheServersTimeAndWithItsNonce() async throws {
        let issuer = FakeIssuer()
        let keys = SoftwareKeys()
        let challenges = Guarded(0)
        issuer.instead.with {
            $0 = { request in
                guard request.url?.path == "/v1/token", challenges.with({ $0 }) == 0 else { return nil }
                challenges.with { $0 += 1 }
                return Reply(status: 400, headers: ["DPoP-Nonce": "nonce-1"], body: "{\"error\":\"use_dpop_nonce\"}")
            }
        }
        let clock = Clock()
        clock.advance(86_400)
        let latchkey = try await signedIn(issuer, keys: keys, clock: clock)
        _ = try await latchkey.send(URLRequest(url: URL(string: "https://api.example.com?a=b#c")!))
        let request = issuer.requests.with { $0.last! }
        XCTAssertEqual(request.value(forHTTPHeaderField: "Authorization"), "DPoP access-2")
        let parts = request.value(forHTTPHeaderField: "DPoP")!.split(separator: ".").map(String.init)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: fromBase64url(parts[2]))
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        XCTAssertTrue(keys.privateKey.publicKey.isValidSignature(signature, for: signed))
        let payload = try JSONSerialization.jsonObject(with: fromBase64url(parts[1])) as! [String: Any]
        XCTAssertEqual(payload["htm"] as? String, "GET")
        XCTAssertEqual(payload["htu"] as? String, "https://api.example.com/")
        XCTAssertEqual(payload["ath"] as? String, base64url(sha256("access-2")))
        XCTAssertEqual(payload["iat"] as? Int, 1_800_000_000)
        XCTAssertNil(payload["nonce"])
        let redeems = issuer.requests.with { all in all.filter { $0.url?.path == "/v1/token" } }
        let proofs = redeems.map { $0.value(forHTTPHeaderField: "DPoP")!.split(separator: ".").map(String.init)[1] }
        let nonces = try proofs.map { try (JSONSerialization.jsonObject(with: fromBase64url($0)) as! [String: Any])["nonce"] as? String }
        XCTAssertEqual(nonces, [nil, "nonce-1"])
    }

    func testSignsOutHereEvenWhenTheServerIsNotReached() async throws {
        let issuer = FakeIssuer()
        let latchkey = try await signedIn(issuer)
        issuer.instead.with { $0 = { _ in throw URLError(.notConnectedToInternet) } }
        await expectError(LatchkeyError.offline) { try await latchkey.signOutEverywhere() }
        let isStillThere = try await latchkey.session()
        XCTAssertNotNil(isStillThere)
        let confirmed = try await latchkey.signOut()
        XCTAssertFalse(confirmed)
        let token = try await latchkey.accessToken()
        XCTAssertNil(token)
    }

    func testDeletesTheAccountWhenTheServerConfirmsIt() async throws {
        let issuer = FakeIssuer()
        let latchkey = try await signedIn(issuer)
        let replies = Guarded([Reply(status: 503), Reply(body: "{}")])
        issuer.instead.with {
            $0 = { request in
                guard request.url?.path == "/v1/account" else { return nil }
                return replies.with { $0.isEmpty ? nil : $0.removeFirst() }
            }
        }
        try await latchkey.deleteAccount()
        let deletions = issuer.requests.with { all in all.filter { $0.httpMethod == "DELETE" }.count }
        XCTAssertEqual(deletions, 3)
        let session = try await latchkey.session()
        XCTAssertNil(session)
    }

    func testSaysToSignInAgainWhenTheSignInIsTooOldToDeleteTheAccount() async throws {
        let issuer = FakeIssuer()
        let latchkey = try await signedIn(issuer)
        let challenge = "Bearer error=\"insufficient_user_authentication\", max_age=300"
        issuer.instead.with { $0 = { _ in Reply(status: 401, headers: ["WWW-Authenticate": challenge]) } }
        await expectError(LatchkeyError.signInAgain) { try await latchkey.deleteAccount() }
        let refreshed = issuer.bodies("/v1/token").filter { $0["grant_type"] == "refresh_token" }
        XCTAssertEqual(refreshed.count, 0)
        let session = try await latchkey.session()
        XCTAssertNotNil(session)
    }

    func testForgetsAKeyThatIsBrokenWhenThePersonSignsOut() async throws {
        let issuer = FakeIssuer()
        let latchkey = client(issuer, keys: BrokenKeys())
        _ = try await latchkey.ask(email: "ada@example.com")
        await expectError(LatchkeyError.key) { try await latchkey.redeemLink(link) }
        _ = try await latchkey.signOut()
        let session = try await latchkey.redeemLink(link)
        XCTAssertEqual(session.id, "ses_1")
    }

    private func fromBase64url(_ text: String) throws -> Data {
        let base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return try XCTUnwrap(Data(base64Encoded: padded))
    }
}
