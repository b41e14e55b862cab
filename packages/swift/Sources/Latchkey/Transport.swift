import Foundation

/// Sends one request, and gives back every answer, of any status. It must follow no redirect, send a request once, and throw
/// when the whole answer has not come in time.
public protocol LatchkeyTransport: Sendable {
    func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse)
}

public struct URLSessionTransport: LatchkeyTransport {
    private let session: URLSession
    private let noRedirects = NoRedirects()
    private let timeout: TimeInterval

    /// - Parameter timeout: seconds for one request. The whole answer must have come by then.
    public init(timeout: TimeInterval = 10) {
        self.timeout = timeout
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        session = URLSession(configuration: configuration, delegate: noRedirects, delegateQueue: nil)
    }

    public func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse) {
        let (session, noRedirects) = (session, noRedirects)
        let loading = Task { try await session.data(for: request, delegate: noRedirects) }
        // URLSession's own limit for a request begins anew with each byte that comes.
        let nanoseconds = UInt64(timeout * 1e9)
        let limit = Task {
            try await Task.sleep(nanoseconds: nanoseconds)
            loading.cancel()
        }
        defer { limit.cancel() }
        let (data, response) = try await loading.value
        guard let answer = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        return (data, answer)
    }
}

/// The issuer never redirects. Somebody else must not get a verifier or a token.
private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
