import Foundation
import XCTest

@testable import Latchkey

/// Plays every case of the torture kit, when LATCHKEY_TORTURE has its address: torture/README.md has the protocol.
final class TortureTests: XCTestCase {
    func testEveryCase() async throws {
        guard let text = ProcessInfo.processInfo.environment["LATCHKEY_TORTURE"], let kit = URL(string: text) else {
            throw XCTSkip("LATCHKEY_TORTURE is not set")
        }
        let control = Control(kit: kit)
        let cases = try await control.call("GET", "/cases")["cases"] as! [[String: Any]]
        for name in cases.map({ $0["name"] as! String }) {
            let run = try await control.call("POST", "/cases/\(name)/runs")
            let verdict = try await play(run, control)
            XCTAssertEqual(verdict["wrong"] as! [String], [], name)
        }
    }

    private func play(_ run: [String: Any], _ control: Control) async throws -> [String: Any] {
        let id = run["run"] as! String
        let phone = Phone(run)
        var step = run["step"] as? [String: Any]
        while let next = step {
            let outcome = await phone.perform(next)
            step = try await control.call("POST", "/runs/\(id)/outcomes", outcome)["step"] as? [String: Any]
        }
        return try await control.call("GET", "/runs/\(id)/verdict")
    }
}

private struct Control {
    let kit: URL

    func call(_ method: String, _ path: String, _ body: [String: Any] = [:]) async throws -> [String: Any] {
        var request = URLRequest(url: URL(string: path, relativeTo: kit)!)
        request.httpMethod = method
        if method == "POST" { request.httpBody = try JSONSerialization.data(withJSONObject: body) }
        let (data, _) = try await URLSession.shared.data(for: request)
        return try JSONSerialization.jsonObject(with: data) as! [String: Any]
    }
}

private struct Failure: Error {}

/// What all processes of the app share.
private final class World: @unchecked Sendable {
    struct Things {
        var items: [String: Data] = [:]
        var backup: [String: Data] = [:]
        var broken: String?
        var keyIsLocked = false
        var keys = SoftwareKeys()
        var offset: TimeInterval = 0
        var slept: TimeInterval = 0
    }

    let things = Guarded(Things())
}

/// The storage of one process. When the process is dead, it fails.
private final class ProcessStorage: LatchkeyStorage {
    struct Life {
        var isDead = false
        var calls = 0
        var diesAt: Int?
        var done = false
    }

    let world: World
    let life = Guarded(Life())

    init(_ world: World) { self.world = world }

    func get(_ key: String) throws -> Data? { try call("reads") { $0[key] } }
    func set(_ key: String, _ value: Data) throws { try call("writes") { $0[key] = value } }
    func remove(_ key: String) throws { try call("writes") { $0[key] = nil } }

    private func call<Result>(_ kind: String, _ work: (inout [String: Data]) -> Result) throws -> Result {
        try life.with { life in
            if life.isDead { throw Failure() }
            life.calls += 1
            return try world.things.with { things in
                if life.calls == life.diesAt {
                    if life.done && things.broken != kind { _ = work(&things.items) }
                    life.isDead = true
                    throw Failure()
                }
                if things.broken == kind { throw Failure() }
                return work(&things.items)
            }
        }
    }
}

private struct WorldKeys: LatchkeyKeys {
    let world: World

    func key() throws -> LatchkeyKey {
        try world.things.with { things in
            if things.keyIsLocked { throw Failure() }
            return try things.keys.key()
        }
    }

    func forget() throws {}
}

private typealias Outcome = [String: Any]
private struct Boxed: @unchecked Sendable { let outcome: Outcome }

private final class Process: @unchecked Sendable {
    let storage: ProcessStorage
    let client: Latchkey
    let waiting = Guarded<[AsyncStream<Boxed>.Continuation]>([])

    init(_ world: World, _ run: [String: Any]) {
        storage = ProcessStorage(world)
        let isBound = run["keys"] as! String != "unbound"
        client = Latchkey(
            issuer: URL(string: run["baseUrl"] as! String)!,
            storage: storage,
            keys: isBound ? WorldKeys(world: world) : nil,
            transport: URLSessionTransport(timeout: (run["timeoutMs"] as! Double) / 1000),
            now: { Date() + world.things.with { $0.offset } },
            sleep: { seconds in world.things.with { $0.slept += seconds } })
    }

    func kill() {
        storage.life.with { $0.isDead = true }
        for continuation in waiting.with({ $0 }) { continuation.yield(Boxed(outcome: ["error": "killed"])) }
    }
}

private final class Phone: @unchecked Sendable {
    private let world = World()
    private let run: [String: Any]
    private var processes: [Int: Process] = [:]
    private var background: [String: Task<Boxed, Never>] = [:]

    init(_ run: [String: Any]) { self.run = run }

    func perform(_ step: [String: Any]) async -> Outcome {
        let number = step["client"] as? Int ?? 1
        world.things.with { $0.slept = 0 }
        var outcome: Outcome = [:]
        if step["do"] as! String == "join" {
            outcome = await background[step["name"] as! String]!.value.outcome
        } else if let name = step["background"] as? String {
            let process = process(number)
            let boxed = BoxedStep(step: step)
            background[name] = Task { await Self.call(process, boxed) }
            return [:]
        } else if !happens(step, number) {
            outcome = await ofClient(step, number)
        }
        outcome["state"] = await state(process(number).client)
        world.things.with { things in
            outcome["storedBytes"] = things.items.values.map(\.count).max() ?? 0
            outcome["sleptMs"] = things.slept * 1000
        }
        return outcome
    }

    private struct BoxedStep: @unchecked Sendable { let step: [String: Any] }

    private func process(_ number: Int) -> Process {
        let process = processes[number] ?? Process(world, run)
        processes[number] = process
        return process
    }

    private func kill(_ number: Int) {
        processes[number]?.kill()
        processes[number] = nil
    }

    private func ofClient(_ step: [String: Any], _ number: Int) async -> Outcome {
        let process = process(number)
        guard let dies = step["dies"] as? [String: Any] else { return await Self.call(process, BoxedStep(step: step)).outcome }
        process.storage.life.with { life in
            life.calls = 0
            life.diesAt = dies["at"] as? Int
            life.done = dies["done"] as! Bool
        }
        let outcome = await Self.call(process, BoxedStep(step: step)).outcome
        let died = process.storage.life.with { $0.isDead }
        kill(number)
        return died ? ["error": "killed"] : outcome
    }

    /// The outcome of the call, or `killed` as soon as its process is dead.
    private static func call(_ process: Process, _ boxed: BoxedStep) async -> Boxed {
        let outcomes = AsyncStream<Boxed>.makeStream()
        process.waiting.with { $0.append(outcomes.continuation) }
        Task { outcomes.continuation.yield(await outcome(process.client, boxed.step)) }
        for await first in outcomes.stream { return first }
        return Boxed(outcome: ["error": "crash"])
    }

    private static func outcome(_ client: Latchkey, _ step: [String: Any]) async -> Boxed {
        do {
            let result = try await result(client, step)
            return Boxed(outcome: ["result": result ?? NSNull()])
        } catch let error as LatchkeyError {
            var outcome: Outcome = ["error": error.code]
            outcome["reason"] = error.reason
            outcome["retryAfterSeconds"] = error.retryAfterSeconds
            return Boxed(outcome: outcome)
        } catch {
            return Boxed(outcome: ["error": "crash"])
        }
    }

    private static func result(_ client: Latchkey, _ step: [String: Any]) async throws -> Any? {
        switch step["do"] as! String {
        case "ask":
            _ = try await client.ask(email: step["email"] as! String)
            return nil
        case "resend":
            _ = try await client.resend()
            return nil
        case "redeemLink": return try await client.redeemLink(URL(string: step["url"] as! String)!).id
        case "redeemCode": return try await client.redeemCode(step["code"] as! String).id
        case "accessToken": return try await client.accessToken()
        case "session": return try await client.session(check: step["check"] as? Bool ?? false)?.id
        case "signOut": return try await client.signOut()
        case "signOutEverywhere":
            try await client.signOutEverywhere(keepCurrent: step["keepCurrent"] as? Bool ?? false)
            return nil
        case "fetch":
            var request = URLRequest(url: URL(string: step["url"] as! String)!)
            request.httpMethod = step["method"] as? String
            request.httpBody = (step["body"] as? String).map { Data($0.utf8) }
            let (data, response) = try await client.send(request)
            return ["status": response.statusCode, "body": String(decoding: data, as: UTF8.self)] as [String: Any]
        default: throw Failure()
        }
    }

    private func state(_ client: Latchkey) async -> String {
        guard let state = try? await client.state() else { return "unknown" }
        switch state {
        case .signedIn: return "signed_in"
        case .pending(let pending): return pending.state.rawValue
        case .signedOut: return "signed_out"
        }
    }

    /// What happens to the phone. `false` for a step of the client.
    private func happens(_ step: [String: Any], _ number: Int) -> Bool {
        switch step["do"] as! String {
        case "kill": kill(number)
        case "advanceClock": world.things.with { $0.offset += step["seconds"] as! Double }
        case "breakStorage": world.things.with { $0.broken = step["what"] as? String }
        case "mendStorage": world.things.with { $0.broken = nil }
        case "backup": world.things.with { $0.backup = $0.items }
        case "restoreBackup":
            world.things.with { $0.items = $0.backup }
            kill(number)
        case "lockKey": world.things.with { $0.keyIsLocked = true }
        case "unlockKey": world.things.with { $0.keyIsLocked = false }
        case "loseKey": world.things.with { $0.keys = SoftwareKeys() }
        default: return false
        }
        return true
    }
}
