import Foundation

extension Latchkey {
    /// What this device is at: nothing, waiting for a link, or signed in.
    public enum State: Equatable, Sendable {
        case signedOut
        case pending(Pending)
        case signedIn(Session)
    }

    /// What this device is at, from storage, without a request. A session counts more than what was asked for beside it.
    public func state() throws -> State {
        if let record = try readSession() { return .signedIn(record.session) }
        if let record = try livePending() { return .pending(describe(record)) }
        return .signedOut
    }

    /// The state now, and after each change. It leaves out a state that storage could not give.
    public func states() -> AsyncStream<State> {
        let id = UUID()
        let (stream, continuation) = AsyncStream<State>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [weak self] _ in
            Task { [weak self] in await self?.removeListener(id) }
        }
        listeners[id] = continuation
        if let state = try? state() { continuation.yield(state) }
        return stream
    }

    /// Something that a person may see has changed.
    func changed() {
        guard let state = try? state() else { return }
        for listener in listeners.values { listener.yield(state) }
    }

    private func removeListener(_ id: UUID) {
        listeners[id] = nil
    }
}
