// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FerruleNFTText
import FerruleNetlink
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import Foundation

/// One way of a cluster through all phases.
struct RoundRun: Measurement {
    let path: String

    func measure() throws -> Round { try Round.measure(path) }
}

/// What the phases took.
struct Round: Codable {
    struct Phase: Codable {
        let name: PhaseName
        let seconds: Double
        /// The most that the process held at once during the phase, what earlier phases left included.
        let peakBytes: Int
    }

    /// In the order in which they are run.
    enum PhaseName: String, Codable, CaseIterable {
        case parse = "read and parse"
        case validate, resolve, compile, encode, commit
        case planNothing = "plan against the kernel, nothing changed"
        case planEndpoint = "plan against the kernel, one endpoint changed"
        case updateEndpoint = "one endpoint changed, commit"
        case recommit = "commit, same bytes again"
        case render = "render text"
    }

    struct Counts: Codable {
        var inputBytes = 0
        var services = 0
        var endpoints = 0
        var elements = 0
        var messages = 0
        var batchBytes = 0
        var textBytes = 0
    }

    private(set) var phases: [Phase] = []
    private(set) var counts = Counts()

    private init() {}

    /// Runs all phases. The tables are gone again afterwards.
    static func measure(_ path: String) throws -> Round {
        var round = Round()
        try round.run(path)
        return round
    }

    private mutating func run(_ path: String) throws {
        let kernel = Kernel()
        let manifests = try phase(.parse) { try ManifestReader { Data() }.read([path]) }
        let found = try phase(.validate) { ClusterValidator.validate(manifests.objects) }
        let resolved = try phase(.resolve) { ClusterResolver.resolve(manifests.objects) }
        guard (manifests.diagnostics + found + resolved.diagnostics).allSatisfy({ $0.severity != .error }) else {
            throw BenchError("\(path) is not valid input; `ferrule render -f` says why")
        }
        guard let mark = Mark(bit: 14) else { throw BenchError("there is no mark of bit 14") }
        let ruleset = try phase(.compile) { RulesetCompiler.compile(resolved.cluster, CompilerOptions(mark: mark)) }
        let transaction = Transaction.replacing(with: ruleset)
        let batch = try phase(.encode) { try BatchEncoder.encode(transaction) }
        let removal = Transaction.deleting(ruleset.tables.map(\.name))
        try kernel.apply(removal)
        try phase(.commit) { try kernel.send(batch, of: transaction) }
        try update(ruleset, kernel)
        try kernel.apply(removal)
        try phase(.recommit) { try kernel.send(batch, of: transaction) }
        try kernel.apply(removal)
        let text = try phase(.render) { RulesetRenderer().render(ruleset) }

        counts = Counts(
            inputBytes: manifests.byteCount, services: ruleset.summary.services, endpoints: ruleset.summary.endpoints,
            elements: transaction.elementCount, messages: batch.messages.count, batchBytes: batch.bytes.count,
            textBytes: text.count)
    }

    /// What an apply does where nothing has changed, and where one endpoint has.
    private mutating func update(_ ruleset: Ruleset, _ kernel: Kernel) throws {
        let nothing = try phase(.planNothing) { try Round.plan(to: ruleset, kernel) }
        guard nothing.isEmpty else { throw BenchError("the kernel does not hold what was put there") }
        let changed = try ruleset.withOtherEndpoint()
        let plan = try phase(.planEndpoint) { try Round.plan(to: changed, kernel) }
        let work = plan.work(on: ruleset)
        guard work.elementsAdded == 1, work.elementsRemoved == 1 else {
            throw BenchError(
                "another endpoint takes +\(work.elementsAdded) -\(work.elementsRemoved) elements")
        }
        try phase(.updateEndpoint) {
            try kernel.apply(plan.changes)
            try kernel.apply(plan.cleanup)
        }
    }

    private static func plan(to ruleset: Ruleset, _ kernel: Kernel) throws -> Plan {
        let state = try kernel.read(ruleset.tables.map(\.name))
        return Planner.plan(from: state.ruleset, to: ruleset)
    }

    private mutating func phase<Result>(_ name: PhaseName, _ work: () throws -> Result) throws -> Result {
        try PeakMemory.reset()
        let clock = ContinuousClock()
        let start = clock.now
        let result = try work()
        let elapsed = clock.now - start
        phases.append(Phase(name: name, seconds: elapsed / .seconds(1), peakBytes: try PeakMemory.bytes()))
        return result
    }
}

extension Ruleset {
    /// With another first endpoint of the service in the middle.
    fileprivate func withOtherEndpoint() throws -> Ruleset {
        var copy = self
        for table in copy.tables.indices {
            for set in copy.tables[table].sets.indices
            where copy.tables[table].sets[set].purpose == .endpoints(.ofParts, slot: 0) {
                let middle = copy.tables[table].sets[set].elements.count / 2
                let element = copy.tables[table].sets[set].elements[middle]
                guard let endpoint = element.value.data?.endpoint else { continue }
                let other = IPAddress(endpoint.address.family, bits: endpoint.address.bits ^ 0x80)
                copy.tables[table].sets[set].elements[middle] = Element(
                    element.key, .data(.endpoint(other, endpoint.port)))
                return copy
            }
        }
        throw BenchError("there is no endpoint")
    }
}
