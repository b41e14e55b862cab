import Foundation

/// Sends one request, and gives back every answer, of any status. It must follow no redirect, send a request once, and throw
/// when the whole answer has not come in time.
public protocol LatchkeyTransport: Sendable {
    func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse)
}

public struct URLSessionTransport: LatchkeyTransport {
    private let session: URLSession
    private let noRedirects = NoRedirects()

    /// - Parameter timeout: seconds for one request. The whole answer must have come by then.
    public init(timeout: TimeInterval = 10) {
        let configuration = URLSessionConfiguration.ephemeral
        // The limit for a request, `timeoutIntervalForRequest`, begins anew with each byte that comes.
        configuration.timeoutIntervalForResource = timeout
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        session = URLSession(configuration: configuration, delegate: noRedirects, delegateQueue: nil)
    }

    public func send(_ request: URLRequest) async throws -> (Data, HTTPURLResponse) {
        let (data, response) = try await session.data(for: request, delegate: noRedirects)
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
