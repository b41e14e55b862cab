import CryptoKit
import Foundation
import Security

/// A key that never leaves the Secure Enclave. Where there is no enclave, and in the simulator, it is a key in the storage.
public struct EnclaveKeys: LatchkeyKeys {
    private let storage: any LatchkeyStorage

    public init(storage: any LatchkeyStorage = Keychain()) {
        self.storage = storage
    }

    public func key() throws -> LatchkeyKey {
        if let stored = try storage.get(Self.name) {
            guard let record = JSON.read(Record.self, stored) else {
                throw LatchkeyError(LatchkeyError.key, detail: "what is stored is no key")
            }
            return try open(record)
        }
        let record = try make()
        try storage.set(Self.name, JSON.write(record))
        return try open(record)
    }

    public func forget() throws {
        try storage.remove(Self.name)
    }

    private static let name = "latchkey.key"

    /// Of a key in the enclave, `data` can be used by this enclave alone.
    private struct Record: Codable {
        let isInEnclave: Bool
        let data: Data
    }

    private func open(_ record: Record) throws -> LatchkeyKey {
        if record.isInEnclave {
            let key = try SecureEnclave.P256.Signing.PrivateKey(dataRepresentation: record.data)
            return LatchkeyKey(point: key.publicKey.rawRepresentation) { try key.signature(for: $0).rawRepresentation }
        }
        let key = try P256.Signing.PrivateKey(rawRepresentation: record.data)
        return LatchkeyKey(point: key.publicKey.rawRepresentation) { try key.signature(for: $0).rawRepresentation }
    }

    private func make() throws -> Record {
        guard hasEnclave else {
            return Record(isInEnclave: false, data: P256.Signing.PrivateKey().rawRepresentation)
        }
        // By default a key of the enclave works only while the phone is unlocked, so not in the background.
        let accessible = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        guard let access = SecAccessControlCreateWithFlags(nil, accessible, .privateKeyUsage, nil) else {
            throw LatchkeyError(LatchkeyError.key, detail: "there is no access control for a key")
        }
        let key = try SecureEnclave.P256.Signing.PrivateKey(accessControl: access)
        return Record(isInEnclave: true, data: key.dataRepresentation)
    }

    private var hasEnclave: Bool {
        SecureEnclave.isAvailable && ProcessInfo.processInfo.environment["SIMULATOR_UDID"] == nil
    }
}
