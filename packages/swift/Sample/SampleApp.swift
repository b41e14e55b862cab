// Parsed, never compiled here: packages/swift/README.md says what that means.
import Latchkey
import SwiftUI

@main
struct SampleApp: App {
    @StateObject private var person = Person()

    var body: some Scene {
        WindowGroup {
            PersonView(person: person)
                .task { await person.follow() }
                // Universal links and the app's scheme.
                .onOpenURL { url in person.open(url) }
        }
    }
}

@MainActor
final class Person: ObservableObject {
    @Published private(set) var state: Latchkey.State?
    @Published private(set) var message: String?
    private let latchkey = Latchkey(issuer: URL(string: "https://auth.example.com")!)

    func follow() async {
        for await state in await latchkey.states() { self.state = state }
    }

    func open(_ url: URL) {
        guard Latchkey.isLink(url) else { return }
        attempt { latchkey in _ = try await latchkey.redeemLink(url) }
    }

    func ask(_ email: String) {
        attempt { latchkey in _ = try await latchkey.ask(email: email, locale: Locale.preferredLanguages.first) }
    }

    func resend() {
        attempt { latchkey in _ = try await latchkey.resend() }
    }

    func enter(_ code: String) {
        attempt { latchkey in _ = try await latchkey.redeemCode(code) }
    }

    func signOut() {
        attempt { latchkey in _ = try await latchkey.signOut() }
    }

    func signOutEverywhere() {
        attempt { latchkey in try await latchkey.signOutEverywhere() }
    }

    private func attempt(_ work: @escaping @Sendable (Latchkey) async throws -> Void) {
        message = nil
        Task {
            do {
                try await work(latchkey)
            } catch let error as LatchkeyError {
                message = words(for: error)
            } catch {
                message = "That did not work. Try again."
            }
        }
    }

    private func words(for error: LatchkeyError) -> String? {
        switch error.code {
        case LatchkeyError.notAsked:
            // The link of a message whose code has already signed in.
            if case .signedIn = state { return nil }
            return "Enter the code on the device where you asked."
        case LatchkeyError.invalidGrant: return "This link or code is \(error.reason ?? "not valid"). Ask for a new one."
        case LatchkeyError.rateLimited: return "Wait \(error.retryAfterSeconds ?? 60) seconds."
        default: return "That did not work (\(error.code)). Try again."
        }
    }
}

struct PersonView: View {
    @ObservedObject var person: Person
    @State private var email = ""
    @State private var code = ""

    var body: some View {
        VStack(spacing: 16) {
            switch person.state {
            case nil:
                ProgressView()
            case .signedOut:
                askField
            case .pending(let pending):
                waiting(pending)
            case .signedIn(let session):
                Text("Signed in as \(session.user.email)")
                Button("Sign out") { person.signOut() }
                Button("Sign out everywhere") { person.signOutEverywhere() }
            }
            if let message = person.message { Text(message) }
        }
        .padding()
    }

    private var askField: some View {
        Group {
            TextField("Your e-mail address", text: $email)
                .textContentType(.emailAddress)
                .keyboardType(.emailAddress)
                .textInputAutocapitalization(.never)
            Button("Send a link") { person.ask(email) }
        }
    }

    private func waiting(_ pending: Latchkey.Pending) -> some View {
        Group {
            if pending.state == .asked {
                Text("We sent a link and a code to \(pending.email).")
            } else {
                Text("No mail yet? If your address is new to us, somebody has to let you in first.")
            }
            TextField("Code", text: $code)
                .textContentType(.oneTimeCode)
                .keyboardType(.numberPad)
            Button("Enter the code") { person.enter(code) }
            Button("Send it again") { person.resend() }
            askField
        }
    }
}
