// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink
internal import FerruleRuleset
internal import Foundation

/// `ferrule apply`: brings the kernel to the input.
struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Put the ruleset of Service definitions into the kernel, in one transaction.",
        discussion: """
            Only what differs is sent, and nothing if nothing does. Ferrule's tables are ip ferrule and ip6 ferrule; no \
            other table is read or touched. Needs CAP_NET_ADMIN. If the kernel refuses anything, everything stays as it was.

            EXAMPLES:
              ferrule apply -f cluster.yaml --check
              ferrule apply -f cluster.yaml --node-name node-a
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup(title: "Input") var input: InputOptions

    @Flag(help: "Have the kernel validate the transaction, then forget it.")
    var check = false

    @Flag(help: "Rebuild the tables, whatever is in them.")
    var replace = false

    @Option(help: "How to print the summary.")
    var format = Format.text

    @OptionGroup(title: "Global") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let pipeline = Pipeline(input: input, console: console, host: .current())
        let output = try pipeline.run()
        let ruleset = output.ruleset
        let provenance = Provenance(
            version: ferruleVersion, appliedAt: Int64(Date().timeIntervalSince1970), summary: ruleset.summary)
        let clock = ContinuousClock()
        let start = clock.now
        var removedFlows = 0
        let outcome = try KernelAccess(console: console).perform { kernel throws(NetlinkError) in
            let applier = Applier(kernel: kernel, ruleset: ruleset, provenance: provenance)
            let mode: Kernel.Mode = check ? .check : .commit
            let outcome = try replace ? applier.replace(mode) : applier.update(mode)
            if !check { removedFlows = try kernel.removeStaleFlows(ruleset.datagramFlows) }
            return outcome
        }
        if !outcome.drift.isEmpty {
            console.note(
                (check ? "would remove" : "removed") + " what somebody else put into Ferrule's tables: "
                    + outcome.drift.joined(separator: ", "))
        }
        if removedFlows > 0 {
            console.detail("removed \(counted(removedFlows, "UDP flow")) to endpoints that are gone")
        }
        let report = ApplyReport(
            isCheck: check, summary: ruleset.summary, outcome: outcome,
            parse: milliseconds(output.parseTime), compile: milliseconds(output.compileTime),
            kernel: milliseconds(clock.now - start))
        try console.result(format == .json ? report.json : report.text)
    }
}

/// What `ferrule apply` says at the end.
struct ApplyReport {
    let isCheck: Bool
    let summary: Summary
    let outcome: Applier.Outcome
    let parse: Int
    let compile: Int
    let kernel: Int

    var text: String {
        let subject = counted(summary.services, "service") + " with " + counted(summary.endpoints, "endpoint")
        let times = "parse \(parse) ms, compile \(compile) ms, kernel \(kernel) ms"
        guard outcome.isChanged else { return "nothing to change: \(subject) stand in the kernel already; \(times)" }
        let elements = "+\(outcome.elementsAdded) -\(outcome.elementsRemoved) elements"
        return (isCheck ? "the kernel accepts \(subject), nothing was changed: " : "applied \(subject): ")
            + "\(elements); \(times)"
    }

    var json: String {
        get throws {
            struct Record: Encodable {
                var applied: Bool
                var services: Int
                var endpoints: Int
                var headless: Int
                var externalNames: Int
                var changed: Bool
                var elementsAdded: Int
                var elementsRemoved: Int
                var milliseconds: [String: Int]
            }
            let record = Record(
                applied: !isCheck, services: summary.services, endpoints: summary.endpoints,
                headless: summary.headless, externalNames: summary.externalNames, changed: outcome.isChanged,
                elementsAdded: outcome.elementsAdded, elementsRemoved: outcome.elementsRemoved,
                milliseconds: ["parse": parse, "compile": compile, "kernel": kernel])
            return try JSONText.encode(record)
        }
    }
}
