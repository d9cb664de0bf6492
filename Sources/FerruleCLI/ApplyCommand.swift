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
            Ferrule's tables, ip ferrule and ip6 ferrule, are replaced as a whole; no other table is read or touched. \
            Needs CAP_NET_ADMIN. If the kernel refuses anything, everything stays as it was.

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

    @Flag(help: "Rebuild the tables, whatever is in them (what apply always does at present).")
    var replace = false

    @Option(help: "How to print the summary.")
    var format = Format.text

    @OptionGroup(title: "Global") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let pipeline = Pipeline(
            input: input, console: console, hostName: ProcessInfo.processInfo.hostName,
            hostAddresses: HostAddresses.current)
        let output = try pipeline.run()
        let ruleset = output.ruleset
        let provenance = Provenance(
            version: ferruleVersion, appliedAt: Int64(Date().timeIntervalSince1970), summary: ruleset.summary)
        let clock = ContinuousClock()
        let start = clock.now
        var removedFlows = 0
        let transaction = try KernelAccess(console: console).perform { kernel throws(NetlinkError) in
            let transaction = Transaction.replacing(
                with: try kernel.keepingMemory(in: ruleset), provenance: provenance)
            try kernel.apply(transaction, check ? .check : .commit)
            if !check { removedFlows = try kernel.removeStaleFlows(ruleset.datagramFlows) }
            return transaction
        }
        if removedFlows > 0 { console.detail("removed \(counted(removedFlows, "UDP flow")) to endpoints that are gone") }
        let report = ApplyReport(
            isCheck: check, summary: ruleset.summary, elements: transaction.elementCount,
            parse: milliseconds(output.parseTime), compile: milliseconds(output.compileTime),
            kernel: milliseconds(clock.now - start))
        console.result(format == .json ? try report.json : report.text)
    }
}

/// What `ferrule apply` says at the end.
struct ApplyReport {
    let isCheck: Bool
    let summary: Summary
    let elements: Int
    let parse: Int
    let compile: Int
    let kernel: Int

    var text: String {
        (isCheck ? "the kernel accepts " : "applied ") + counted(summary.services, "service") + ", "
            + counted(summary.endpoints, "endpoint") + (isCheck ? ", nothing was changed: " : ": ")
            + counted(elements, "element")
            + " in one transaction; parse \(parse) ms, compile \(compile) ms, kernel \(kernel) ms"
    }

    var json: String {
        get throws {
            struct Record: Encodable {
                var applied: Bool
                var services: Int
                var endpoints: Int
                var headless: Int
                var externalNames: Int
                var elementsAdded: Int
                var milliseconds: [String: Int]
            }
            let record = Record(
                applied: !isCheck, services: summary.services, endpoints: summary.endpoints,
                headless: summary.headless, externalNames: summary.externalNames, elementsAdded: elements,
                milliseconds: ["parse": parse, "compile": compile, "kernel": kernel])
            return try JSONText.encode(record)
        }
    }
}
