import XCTest

@testable import Latchkey

final class SignInTests: XCTestCase {
    func testAnswersASecondTapWithTheSessionAlsoAfterARestartAndARefresh() async throws {
        let issuer = FakeIssuer()
        let storage = MemoryStorage()
        let clock = Clock()
        let latchkey = client(issuer, storage: storage, clock: clock)
        _ = try await latchkey.ask(email: "ada@example.com")
        let session = try await latchkey.redeemLink(link)
        let again = try await latchkey.redeemLink(link)
        XCTAssertEqual(again, session)
        clock.advance(595)
        let token = try await latchkey.accessToken()
        XCTAssertEqual(token, "access-3")
        let afterRestart = try await client(issuer, storage: storage, clock: clock).redeemLink(link)
        XCTAssertEqual(afterRestart, session)
        XCTAssertEqual(issuer.bodies("/v1/token").count, 2)
    }

    func testGivesTwoTapsAtOnceOneSessionByOneRequest() async throws {
        let issuer = FakeIssuer()
        let latchkey = client(issuer)
        _ = try await latchkey.ask(email: "ada@example.com")
        async let first = latchkey.redeemLink(link)
        async let second = latchkey.redeemLink(link)
        let sessions = try await [first, second]
        XCTAssertEqual(sessions[0], sessions[1])
        XCTAssertEqual(issuer.bodies("/v1/token").count, 1)
    }

    func testStoresTheVerifierBeforeItAsks() async throws {
        let issuer = FakeIssuer()
        let storage = MemoryStorage()
        issuer.instead.with { $0 = { _ in throw URLError(.networkConnectionLost) } }
        let latchkey = client(issuer, storage: storage)
        await expectError(LatchkeyError.offline) { try await latchkey.ask(email: "ada@example.com") }
        XCTAssertEqual(issuer.bodies("/v1/links").count, 1)
        issuer.instead.with { $0 = { _ in nil } }
        let restarted = client(issuer, storage: storage)
        await expectError(LatchkeyError.notAsked) { try await restarted.redeemCode("123456") }
        let encoded = URL(string: "myapp://link/tok%5Fml%5Fabcdef?utm_source=mail")!
        let session = try await restarted.redeemLink(encoded)
        XCTAssertEqual(session.id, "ses_1")
    }

    func testSendsACodeOnceAndItsDigitsAlone() async throws {
        let issuer = FakeIssuer()
        let latchkey = client(issuer)
        _ = try await latchkey.ask(email: "ada@example.com")
        issuer.instead.with { $0 = { _ in throw URLError(.networkConnectionLost) } }
        await expectError(LatchkeyError.offline) { try await latchkey.redeemCode("123 456") }
        XCTAssertEqual(issuer.bodies("/v1/token").map { $0["code"] }, ["123456"])
    }

    func testSaysWhyALinkIsRefusedAndKeepsWhatWasAskedFor() async throws {
        let issuer = FakeIssuer()
        let latchkey = client(issuer)
        _ = try await latchkey.ask(email: "ada@example.com")
        let refusal = Reply(status: 400, body: "{\"error\":\"invalid_grant\",\"latchkey_reason\":\"expired\"}")
        issuer.instead.with { $0 = { _ in refusal } }
        do {
            _ = try await latchkey.redeemLink(link)
            XCTFail("it must fail")
        } catch let error as LatchkeyError {
            XCTAssertEqual(error.reason, "expired")
        }
        let pending = try await latchkey.pending()
        XCTAssertEqual(pending?.state, .asked)
    }

    func testReadsADateInRetryAfter() async throws {
        let issuer = FakeIssuer()
        let headers = ["Date": "Wed, 21 Oct 2026 07:28:00 GMT", "Retry-After": "Wed, 21 Oct 2026 07:29:30 GMT"]
        issuer.instead.with { $0 = { _ in Reply(status: 429, headers: headers) } }
        do {
            _ = try await client(issuer).ask(email: "ada@example.com")
            XCTFail("it must fail")
        } catch let error as LatchkeyError {
            XCTAssertEqual(error, LatchkeyError(LatchkeyError.rateLimited, retryAfterSeconds: 90))
        }
    }

    func testTellsItsStates() async throws {
        let issuer = FakeIssuer()
        let clock = Clock()
        let latchkey = client(issuer, clock: clock)
        var states = await latchkey.states().makeAsyncIterator()
        let first = await states.next()
        XCTAssertEqual(first, .signedOut)
        let pending = try await latchkey.ask(email: "ada@example.com")
        let second = await states.next()
        XCTAssertEqual(second, .pending(pending))
        let session = try await latchkey.redeemLink(link)
        let third = await states.next()
        XCTAssertEqual(third, .signedIn(session))
    }
}
