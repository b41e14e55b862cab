import Foundation

/// Where the app stores secrets.
public protocol LatchkeyStorage: Sendable {
    /// `nil` when nothing is stored. It must throw when what is stored cannot be read at the moment.
    func get(_ key: String) throws -> Data?
    /// Replaces the whole value, or throws and leaves the old one.
    func set(_ key: String, _ value: Data) throws
    func remove(_ key: String) throws
}

extension Latchkey {
    /// `nil` when nothing is stored, or when it is no such record. Throws `storage`.
    func readRecord<Record: Decodable>(_ type: Record.Type, _ key: String) throws -> Record? {
        try stored { try storage.get(key) }.flatMap { JSON.read(type, $0) }
    }

    func writeRecord<Record: Encodable>(_ record: Record, _ key: String) throws {
        try stored { try storage.set(key, JSON.write(record)) }
    }

    func removeRecord(_ key: String) throws {
        try stored { try storage.remove(key) }
    }

    private func stored<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            throw LatchkeyError(LatchkeyError.storage, detail: String(describing: error))
        }
    }
}
