// Parsed, never compiled here: packages/swift/README.md says what that means.
import CryptoKit
import Foundation
import XCTest

@testable import Latchkey

/// A map behind a lock, for storages and issuers that several tasks use.
final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func with<Result>(_ work: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try work(&value)
    }
}

final class MemoryStorage: LatchkeyStorage {
    let items = Guarded<[String: Data]>([:])

    func get(_ key: String) throws -> Data? { items.with { $0[key] } }
    func set(_ key: String, _ value: Data) throws { items.with { $0[key] = value } }
    func remove(_ key: String) throws { items.with { $0[key] = nil } }
}

/// A key that lasts as long as the process.
struct SoftwareKeys: LatchkeyKeys {
    let privateKey = P256.Signing.PrivateKey()

    func key() throws -> LatchkeyKey {
        let privateKey = self.privateKey
        return LatchkeyKey(point: privateKey.publicKey.rawRepresentation) {
            try privateKey.signature(for: $0).rawRepresentation
        }
    }

    func forget() throws {}
}

struct BrokenKeys: LatchkeyKeys {
    let forgotten = Guarded(false)

    func key() throws -> LatchkeyKey {
        guard forgotten.with({ $0 }) else { throw LatchkeyError(LatchkeyError.key) }
        return try SoftwareKeys().key()
    }

    func forget() throws { forgotten.with { $0 = true } }
}

struct Reply {
    var status = 200
    var headers: [String: String] = [:]
    var body = ""
}

/// Answers as the issuer does. `instead` comes first; `nil` leaves the request to the issuer.
final class FakeIssuer: LatchkeyTransport {
    typealias Instead = @Sendable (URLRequest) async throws -> Reply?

    let requests = Guarded<[URLRequest]>([])
    let instead = Guarded<Instead>({ _ in nil })
    let sessions = Guarded(0)
    let refreshes = Guarded(1)

    func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse) {
        requests.with { $0.append(request) }
        let replaced = try await instead.with { $0 }(request)
        let reply = replaced ?? usual(request)
        let response = HTTPURLResponse(
            url: request.url!, statusCode: reply.status, httpVersion: "HTTP/1.1", headerFields: reply.headers)!
        return (Data(reply.body.utf8), response)
    }

    func bodies(_ path: String) -> [[String: String]] {
        requests.with { all in
            all.filter { $0.url?.path == path }.map { request in
                (try? JSONDecoder().decode([String: String].self, from: request.httpBody ?? Data())) ?? [:]
            }
        }
    }

    private func usual(_ request: URLRequest) -> Reply {
        switch request.url!.path {
        case "/v1/links", "/v1/links/resend":
            return Reply(status: 202, body: "{\"handle\":\"handle\",\"expiresIn\":900,\"resendAfter\":60}")
        case "/v1/token":
            let isRefresh = String(decoding: request.httpBody!, as: UTF8.self).contains("refresh_token")
            let session = sessions.with { number in
                if !isRefresh { number += 1 }
                return number
            }
            let token = refreshes.with { number in
                number += 1
                return number
            }
            return Reply(body: tokens(session: session, token: token, bound: request.value(forHTTPHeaderField: "DPoP") != nil))
        default:
            return request.httpMethod == "DELETE" ? Reply(status: 204) : Reply()
        }
    }
}

func tokens(session: Int, token: Int, bound: Bool = false) -> String {
    """
    {"access_token":"access-\(token)","token_type":"\(bound ? "DPoP" : "Bearer")","expires_in":600,
     "refresh_token":"refresh-\(token)","refresh_token_expires_in":1209600,"session_id":"ses_\(session)",
     "user":{"id":"usr_1","email":"ada@example.com"},"server_time":1800000000}
    """
}

let link = URL(string: "https://auth.example.com/link/tok_ml_0123456789abcdefghijklmnop")!

/// Moves only when a test says so.
final class Clock: @unchecked Sendable {
    let seconds = Guarded<TimeInterval>(1_800_000_000)

    func advance(_ by: TimeInterval) { seconds.with { $0 += by } }
    var now: Date { Date(timeIntervalSince1970: seconds.with { $0 }) }
}

func client(
    _ issuer: FakeIssuer,
    storage: any LatchkeyStorage = MemoryStorage(),
    keys: (any LatchkeyKeys)? = nil,
    clock: Clock = Clock()
) -> Latchkey {
    Latchkey(
        issuer: URL(string: "https://auth.example.com/")!, storage: storage, keys: keys, transport: issuer,
        now: { clock.now }, sleep: { _ in })
}

func expectError(_ code: String, _ work: () async throws -> Any?) async {
    do {
        _ = try await work()
        XCTFail("it must fail with \(code)")
    } catch let error as LatchkeyError {
        XCTAssertEqual(error.code, code)
    } catch {
        XCTFail("it fails with \(error)")
    }
}
