import Foundation
import Security

/// Items that are in no backup that another phone could read, and that can be read in the background too, from the first
/// unlock after a start on. Before that, and when the keychain fails, it throws: that does not mean signed out.
///
/// iOS keeps items when the app is deleted. On macOS the app must be signed, and have an application identifier.
public struct Keychain: LatchkeyStorage {
    private let service: String
    private let accessGroup: String?

    /// - Parameter accessGroup: for an app and its extensions that share a session.
    public init(service: String = "latchkey", accessGroup: String? = nil) {
        self.service = service
        self.accessGroup = accessGroup
    }

    public func get(_ key: String) throws -> Data? {
        var wanted = query(key)
        wanted[kSecReturnData as String] = true
        wanted[kSecReturnAttributes as String] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(wanted as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let item = found as? [String: Any], let value = item[kSecValueData as String] as? Data
        else { throw failure(status) }
        if item[kSecAttrAccessible as String] as? String != accessible as String {
            // An older version of the app stored it otherwise. When this fails, the next read tries it again.
            _ = update(key, value)
        }
        return value
    }

    public func set(_ key: String, _ value: Data) throws {
        var status = update(key, value)
        if status == errSecItemNotFound {
            let item = query(key).merging(attributes(value)) { _, new in new }
            status = SecItemAdd(item as CFDictionary, nil)
        }
        guard status == errSecSuccess else { throw failure(status) }
    }

    public func remove(_ key: String) throws {
        let status = SecItemDelete(query(key) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw failure(status) }
    }

    private var accessible: CFString { kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly }

    private func update(_ key: String, _ value: Data) -> OSStatus {
        SecItemUpdate(query(key) as CFDictionary, attributes(value) as CFDictionary)
    }

    private func attributes(_ value: Data) -> [String: Any] {
        [kSecValueData as String: value, kSecAttrAccessible as String: accessible]
    }

    private func query(_ key: String) -> [String: Any] {
        var query: [String: Any] = [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrService as String: service,
            kSecAttrAccount as String: key,
            // Without it, macOS takes its old keychain, which ignores kSecAttrAccessible.
            kSecUseDataProtectionKeychain as String: true,
        ]
        if let accessGroup { query[kSecAttrAccessGroup as String] = accessGroup }
        return query
    }

    private func failure(_ status: OSStatus) -> LatchkeyError {
        LatchkeyError(LatchkeyError.storage, detail: "OSStatus \(status)")
    }
}
