// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleDiagnostics
internal import FerruleIPTables
internal import FerruleNetlink
internal import FerruleNode
internal import FerruleRuleset
internal import FerruleText

/// `ferrule apply --backend iptables`.
struct IPTablesApply {
    let console: Console
    let output: Pipeline.Output
    let provenance: Provenance
    let host: Machine
    let options: ApplyCommand.Options

    func run() throws {
        let access = IPTablesAccess(console: console)
        let rulesets = try access.rulesets(output)
        let lock = try console.reporting { () throws(ConfirmationError) in
            try options.check ? nil : ConfirmationFolder.ofThisNamespace().lockForApply()
        }
        defer { extendLifetime(lock) }
        let clock = ContinuousClock()
        let start = clock.now
        let both = BothBackends(console: console)
        let displaced = try both.nftables()
        if !options.replace { try both.refuse(displaced) }
        let states = try access.states()
        let (state, reason) = try access.perform({ nil }) { () throws(IPTablesError) in
            try IPTablesState.inUse(of: states)
        }
        let others = states.filter { !$0.isEmpty && $0.programs != state.programs }
        let applier = IPTablesApplier(
            rulesets, served: output.ruleset.served, localAddresses: Set(host.interfaceAddresses),
            provenance: provenance)
        var standing = "nothing was changed"
        let outcome = try access.perform({ standing }) { () throws(IPTablesError) in
            try applier.apply(to: state, isTest: options.check, rewritesAll: options.replace) {
                standing = "some tables may have been changed: `ferrule status --backend iptables` tells"
            }
        }
        let replaces = !options.check && options.replace
        if replaces {
            try both.remove(others)
            if !displaced.isEmpty {
                try KernelAccess(console: console).perform(.applied) { kernel throws(NetlinkError) in
                    try kernel.apply(.deleting(displaced))
                }
            }
        }
        note(outcome, others)
        let report = IPTablesApplyReport(
            isCheck: options.check, variant: state.programs.variant, reason: reason, summary: output.ruleset.summary,
            outcome: outcome, parse: milliseconds(output.parseTime), compile: milliseconds(output.compileTime),
            kernel: milliseconds(clock.now - start), removed: replaces ? both.removed(displaced, others) : nil)
        try console.result(options.format == .json ? report.json : report.text)
    }

    private func note(_ outcome: IPTablesApplier.Outcome, _ others: [IPTablesState]) {
        if !outcome.drift.isEmpty {
            console.note(
                (options.check ? "would put right" : "put right") + " what somebody else changed in Ferrule's chains: "
                    + outcome.drift.prefix(5).joined(separator: ", ")
                    + (outcome.drift.count > 5 ? " and \(outcome.drift.count - 5) more" : ""))
        }
        BothBackends(console: console).warn(of: outcome.changes)
        if let other = others.first, !options.replace {
            console.print([
                Diagnostic(
                    .warning,
                    "Ferrule's chains stand by the variant \(other.programs.variant.rawValue) too, and packets meet the "
                        + "rules of both", hint: "--replace removes them")
            ])
        }
        console.print(outcome.tidying.problems.map { Diagnostic(.warning, "the rules stand, but \($0)") })
    }
}

/// What `ferrule apply --backend iptables` says at the end.
struct IPTablesApplyReport {
    let isCheck: Bool
    let variant: IPTablesPrograms.Variant
    let reason: String
    let summary: Summary
    let outcome: IPTablesApplier.Outcome
    let parse: Int
    let compile: Int
    let kernel: Int
    /// What was removed of the other backend, or by the other variant.
    let removed: String?

    var text: String {
        let subject = counted(summary.services, "service") + " with " + counted(summary.endpoints, "endpoint")
        let times = "parse \(parse) ms, compile \(compile) ms, kernel \(kernel) ms"
        let way = "iptables variant \(variant.rawValue) (\(reason))"
        let flows = [removed, outcome.tidying.text].compactMap { $0.map { ", \($0)" } }.joined()
        guard outcome.isChanged else {
            return "nothing to change: \(subject) stand in the kernel already, \(way)\(flows); \(times)"
        }
        return (isCheck ? "iptables accepts \(subject), nothing was changed: " : "applied \(subject): ")
            + outcome.words + ", \(way)\(flows); \(times)"
    }

    var json: String {
        get throws {
            struct Record: Encodable {
                var applied: Bool
                var backend = Backend.iptables.rawValue
                var variant: String
                var services: Int
                var endpoints: Int
                var headless: Int
                var externalNames: Int
                var changed: Bool
                var chainsAdded: Int
                var chainsRewritten: Int
                var chainsRemoved: Int
                var flowsRemoved: Int
                var warnings: [String]
                var milliseconds: [String: Int]
            }
            return try JSONText.encode(
                Record(
                    applied: !isCheck, variant: variant.rawValue, services: summary.services,
                    endpoints: summary.endpoints, headless: summary.headless, externalNames: summary.externalNames,
                    changed: outcome.isChanged, chainsAdded: outcome.chainsAdded,
                    chainsRewritten: outcome.chainsRewritten, chainsRemoved: outcome.chainsRemoved,
                    flowsRemoved: outcome.tidying.flowCount, warnings: outcome.tidying.problems,
                    milliseconds: ["parse": parse, "compile": compile, "kernel": kernel]))
        }
    }
}
