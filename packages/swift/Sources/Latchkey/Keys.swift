import Foundation

/// A P-256 key of this device.
public struct LatchkeyKey: Sendable {
    /// The coordinates of the public point, x and y, 32 bytes each.
    public let point: Data
    /// ECDSA with SHA-256: r and s, 32 bytes each.
    public let sign: @Sendable (Data) throws -> Data

    public init(point: Data, sign: @escaping @Sendable (Data) throws -> Data) {
        self.point = point
        self.sign = sign
    }
}

/// The key that sessions are bound to (RFC 9449).
public protocol LatchkeyKeys: Sendable {
    /// The same key every time, because a session ends when its key changes. When the key cannot be read at the moment,
    /// it must throw, and never make a new key.
    func key() throws -> LatchkeyKey
    /// Called when the person signs out while `key()` throws. Without it, a key that has gone for good, as after a phone
    /// was erased and restored, would stop every later sign-in.
    func forget() throws
}
