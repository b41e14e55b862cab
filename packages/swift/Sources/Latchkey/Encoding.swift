import CryptoKit
import Foundation

/// Without padding (RFC 4648 section 5).
func base64url(_ data: Data) -> String {
    data.base64EncodedString()
        .replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
}

func sha256(_ text: String) -> Data {
    Data(SHA256.hash(data: Data(text.utf8)))
}

func randomText(bytes: Int = 32) -> String {
    let random = SymmetricKey(size: SymmetricKeySize(bitCount: bytes * 8))
    return base64url(random.withUnsafeBytes { Data($0) })
}

enum JSON {
    /// Sorted, so that a request that is sent again has the same body.
    static func write<Value: Encodable>(_ value: Value) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// `nil` for what is no such value. The issuer does send empty bodies. Members that are not known are left out.
    static func read<Value: Decodable>(_ type: Value.Type, _ data: Data) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: data.isEmpty ? Data("{}".utf8) : data)
    }
}

/// A body in which nothing matters but that it is JSON.
struct Nothing: Decodable, Sendable {}
