import Foundation

private let tries = 4
private let firstWait: TimeInterval = 0.3
private let longestWait: TimeInterval = 5

extension Latchkey {
    /// Tries up to four times, with exponential backoff. Throws when the server asks for a pause of more than five seconds,
    /// because the app should decide about such a wait.
    /// - Parameters:
    ///   - codes: the error codes after which another try is safe.
    ///   - work: gets the error of the try before it.
    func retry<Value: Sendable>(
        on codes: Set<String> = LatchkeyError.whenUnreachable,
        _ work: @Sendable (LatchkeyError?) async throws -> Value
    ) async throws -> Value {
        var before: LatchkeyError?
        for tried in 1..<tries {
            do {
                return try await work(before)
            } catch let error as LatchkeyError where codes.contains(error.code) {
                let backoff = firstWait * pow(2, Double(tried - 1)) * Double.random(in: 0.5...1.5)
                let wait = max(backoff, Double(error.retryAfterSeconds ?? 0))
                if wait > longestWait { throw error }
                before = error
                let sleep = self.sleep
                // A task of its own, so that a caller who is cancelled does not cut the pause short.
                await Task { await sleep(wait) }.value
            }
        }
        return try await work(before)
    }
}
