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
        try console.locked(options.check ? nil : .alone) { try apply(rulesets, access) }
    }

    private func apply(_ rulesets: [IPTablesRuleset], _ access: IPTablesAccess) throws {
        let lock = try console.reporting { () throws(ConfirmationError) in
            try options.check ? nil : ConfirmationFolder.ofThisNamespace().lockForApply()
        }
        defer { extendLifetime(lock) }
        let clock = ContinuousClock()
        let start = clock.now
        let both = BothBackends(console: console)
        try both.refuseBesideAgent()
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
        var warnings = self.warnings(outcome, others)
        if replaces {
            warnings += try both.remove(others)
            if !displaced.isEmpty {
                try KernelAccess(console: console).perform(.applied) { kernel throws(NetlinkError) in
                    try kernel.apply(.deleting(displaced))
                }
            }
        }
        let summary = ApplySummary(
            isCheck: options.check, summary: output.ruleset.summary, parse: milliseconds(output.parseTime),
            compile: milliseconds(output.compileTime), kernel: milliseconds(clock.now - start),
            removed: replaces ? Displaced(tables: displaced, variants: others.map(\.programs.variant)) : Displaced(),
            warnings: warnings)
        let report = IPTablesApplyReport(
            summary: summary, variant: state.programs.variant, reason: reason, outcome: outcome)
        try console.result(
            options.format == .json ? report.json : report.text, after: options.check ? nil : "the rules stand")
    }

    /// Says what is to be known of the outcome.
    ///
    /// - Returns: the warnings, but for those of tidying.
    private func warnings(_ outcome: IPTablesApplier.Outcome, _ others: [IPTablesState]) -> [Diagnostic] {
        console.noteDrift(
            outcome.drift,
            (options.check ? "would put right" : "put right") + " what somebody else changed in Ferrule's chains")
        var warnings = BothBackends.warnings(of: outcome.changes)
        if let other = others.first, !options.replace {
            warnings.append(
                Diagnostic(
                    .warning,
                    "Ferrule's chains stand by the variant \(other.programs.variant.rawValue) too, and packets meet the "
                        + "rules of both", hint: "--replace removes them"))
        }
        console.print(warnings)
        console.print(outcome.tidying.problems.map { Diagnostic(.warning, "the rules stand, but \($0)") })
        return warnings
    }
}

/// What `ferrule apply --backend iptables` says at the end.
struct IPTablesApplyReport {
    let summary: ApplySummary
    let variant: IPTablesPrograms.Variant
    let reason: String
    let outcome: IPTablesApplier.Outcome

    var text: String {
        let others = ["iptables variant \(variant.rawValue) (\(reason))"] + summary.others(outcome.tidying)
        return outcome.isChanged
            ? summary.changed(judge: "iptables", [outcome.words] + others)
            : summary.unchanged(others.map { ", \($0)" })
    }

    var json: String {
        get throws {
            struct JSON: Encodable {
                var backend = Backend.iptables.rawValue
                var variant: String
                var chainsAdded: Int
                var chainsRewritten: Int
                var chainsRemoved: Int
            }
            let own = JSON(
                variant: variant.rawValue, chainsAdded: outcome.chainsAdded, chainsRewritten: outcome.chainsRewritten,
                chainsRemoved: outcome.chainsRemoved)
            return try JSONText.encode(
                JSONMembers(summary.json(isChanged: outcome.isChanged, outcome.tidying), own))
        }
    }
}
