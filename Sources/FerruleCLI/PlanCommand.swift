// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleRuleset
internal import Foundation

/// `ferrule plan`: says what applying the input would change.
struct PlanCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what Service definitions would change, for traffic and in the kernel; changes nothing.",
        discussion: manual.discussion)

    static let manual = Manual(
        description: """
            Services are compared by name and address. Changes that lose a service's last endpoint, open a port to the \
            outside or move an address come first. The order of endpoints is no change.
            """,
        examples: [
            "ferrule plan -f cluster.yaml             # against this node's kernel",
            "ferrule plan -f new/ --against old/ --assume-pods --format markdown",
            "ferrule plan -f cluster.yaml --against live --exit-code",
        ],
        exitCodes: Failure.sorted(
            [Failure.Meaning(Failure.changes, "--exit-code: there are changes")], Failure.always, Failure.ofInput,
            Failure.ofKernel),
        files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "What to compare with: live, the kernel; or a file or directory of other definitions; repeatable.",
                valueName: "live|path"),
            completion: PathCompletion.kind(besides: [PlanCommand.live]))
        var against: [String] = []

        @Option(help: "How to print the plan; markdown: for a comment of a pull request.")
        var format = Format.text

        @Flag(help: "Exit with 1 if anything would change.")
        var exitCode = false
    }

    @OptionGroup(title: "Plan options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    private static let live = "live"

    private var against: [String] { options.against }

    func validate() throws {
        guard !against.contains(PlanCommand.live) || Set(against).count == 1 else {
            throw ValidationError("--against live stands alone; for a file of that name write ./live")
        }
        guard !against.contains("-") || !input.paths.contains("-") else {
            throw ValidationError("standard input can be one side of the comparison, not both")
        }
    }

    func run() throws {
        let console = global.console
        let isLive = against.isEmpty || against.contains(PlanCommand.live)
        let (actual, wanted) = try isLive ? compareWithKernel(console) : compareWithDefinitions(console)
        let clock = ContinuousClock()
        let start = clock.now
        let (plan, difference) = console.during("comparing") {
            let plan = Planner.plan(from: actual, to: wanted)
            return (plan, Difference(from: actual, to: wanted, plan: plan))
        }
        console.detail("compared in \(milliseconds(clock.now - start)) ms")
        let report = PlanReport(difference: difference, work: KernelWork(plan))
        switch options.format {
        case .text: try console.result(PlanText(report, isColored: console.colorsResults).text)
        case .markdown: try console.result(PlanMarkdown(report).text)
        case .json: try console.result(report.json)
        }
        if options.exitCode, !difference.isEmpty { throw Failure.changes }
    }

    private typealias Sides = (actual: Ruleset, wanted: Ruleset)

    /// Both sides are read by the same options, and an address that one of them leaves open is the same on the other.
    private func compareWithDefinitions(_ console: Console) throws -> Sides {
        let other = try Pipeline(input: input, console: console.errorsOnly, reference: against).run()
        let output = try Pipeline(input: input, console: console).run(allocatedLike: other.allocations)
        return (other.ruleset, output.ruleset)
    }

    private func compareWithKernel(_ console: Console) throws -> Sides {
        let tables = IPFamily.allCases.map(TableName.ferrule)
        let actual: Ruleset
        if against.isEmpty {
            let state = geteuid() == 0 ? try? Kernel().read(tables) : nil
            guard let found = state?.ruleset, found.tables.contains(where: { !$0.isAbsent }) else {
                throw ValidationError(
                    "nothing to compare with: pass --against PATH with other definitions, or as root --against live; "
                        + "without it the kernel is taken, where root finds tables of Ferrule in it")
            }
            actual = found
        } else {
            actual = try KernelAccess(console: console).perform(.asked) { kernel throws(NetlinkError) in
                try kernel.read(tables).ruleset
            }
        }
        return (actual, try Pipeline(input: input, console: console, host: .current()).run().ruleset)
    }
}

/// A plan that is to be printed.
struct PlanReport {
    let difference: Difference
    let work: KernelWork

    /// `Plan: 1 to add, 2 to change, 0 to remove.`
    var countLine: String { "Plan: \(counts)." }

    /// `1 to add, 2 to change, 0 to remove`
    var counts: String {
        var text =
            "\(difference.count(.add)) to add, \(difference.count(.change)) to change, "
            + "\(difference.count(.remove)) to remove"
        if !difference.settings.isEmpty { text += "; \(counted(difference.settings.count, "setting")) to change" }
        if !difference.drift.isEmpty { text += "; \(counted(difference.drift.count, "object")) of others to remove" }
        return text
    }
}
