// Parsed, never compiled here: packages/swift/README.md says what that means.
import Foundation

/// Signs people in to an app with Latchkey. One for the whole process.
///
/// When a caller is cancelled, for example because its screen has gone, what it began goes on: an answer that comes is
/// stored. Besides signing out, only the server's `invalid_grant` ends a session.
///
/// Storage and keys answer without `await`. So what stands between two `await`s here is one step, which no other call of
/// this process can interrupt.
public actor Latchkey {
    let issuer: String
    let storage: any LatchkeyStorage
    let keys: (any LatchkeyKeys)?
    let deviceId: String?
    let deviceName: String?
    let transport: any LatchkeyTransport
    let now: @Sendable () -> Date
    let sleep: @Sendable (TimeInterval) async -> Void

    /// Origin → the last nonce that its server sent (RFC 9449 section 8.2).
    var nonces: [String: String] = [:]
    /// The refresh that is on its way: all callers wait for the same one.
    var refreshing: Task<SessionRecord?, Error>?
    /// Ends when the last sign-in that was begun has ended.
    var lastSignIn: Task<Void, Never>?
    var listeners: [UUID: AsyncStream<State>.Continuation] = [:]

    /// - Parameters:
    ///   - issuer: Latchkey's origin: `https://auth.example.com`.
    ///   - keys: the device's key, for DPoP. `nil` binds no session to a key.
    ///   - deviceId: the app's own id for this device, 8 to 128 of `A-Za-z0-9._:-`. By default one is made and stored.
    ///   - deviceName: shown in the person's list of sessions and in the mail: `Ada's iPhone`.
    ///   - now: this device's clock, which may be wrong.
    public init(
        issuer: URL,
        storage: any LatchkeyStorage = Keychain(),
        keys: (any LatchkeyKeys)? = EnclaveKeys(),
        deviceId: String? = nil,
        deviceName: String? = nil,
        transport: any LatchkeyTransport = URLSessionTransport(),
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (TimeInterval) async -> Void = { try? await Task.sleep(nanoseconds: UInt64($0 * 1e9)) }
    ) {
        var origin = issuer.absoluteString
        while origin.hasSuffix("/") { origin.removeLast() }
        self.issuer = origin
        self.storage = storage
        self.keys = keys
        self.deviceId = deviceId
        self.deviceName = deviceName
        self.transport = transport
        self.now = now
        self.sleep = sleep
    }

    /// Who is signed in, from storage, without a request.
    /// - Parameter check: also asks the server. The answer is `nil` when the server has ended the session.
    public func session(check: Bool = false) async throws -> Session? {
        if check, try readSession() != nil {
            do {
                try await callIssuer("GET", "/v1/session")
            } catch let error as LatchkeyError where error.code == LatchkeyError.signedOut {
                // The refresh has removed the session, or somebody else than the issuer has answered.
            }
        }
        return try readSession()?.session
    }

    /// An access token for a request of your own, refreshed when needed. `nil` when nobody is signed in.
    public func accessToken() async throws -> String? {
        try await freshSession()?.accessToken
    }

    /// Unix seconds by this device's clock.
    var seconds: TimeInterval { now().timeIntervalSince1970 }
}
