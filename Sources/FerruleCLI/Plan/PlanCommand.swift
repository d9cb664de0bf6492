// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerrulePictures
internal import FerrulePlanner
internal import FerruleRuleset
internal import FoundationEssentials
internal import Glibc

/// `ferrule plan`: says what applying the input would change.
struct PlanCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what Service definitions would change, for traffic and in the kernel; changes nothing.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: Manual.ofInput,
        description: """
            Services are compared by what clients find: addresses, ports, endpoints, policies. Dangerous changes come first: \
            clients get in that could not before, or clients that were served are not any more. The order of endpoints is no \
            change, and neither is a port's name. Below stands who can reach what that could not before, and who cannot any more: pods, \
            nodes, clients outside, or ranges of them.

            A service whose pods are not in the input has no endpoints, and what nobody serves opens nothing: of manifests without \
            a cluster, --assume-pods sees what is dangerous. Not dangerous is that a service leads to other pods, by its selector \
            or target port. What an ExternalName stands for, and the endpoints of headless services, are no part of a plan.

            Without --node-name a plan against other definitions is about all nodes, and says what is different on which. \
            Against the kernel it is about this host.

            What is wrong in the definitions that the input is compared with is left out of the comparison, and said. A folder \
            without manifests holds none.
            """,
        examples: [
            "ferrule plan -f cluster.yaml             # against this node's kernel",
            "ferrule plan -f new/ --against old/ --assume-pods --format markdown",
            "ferrule plan -f cluster.yaml --against live --exit-code",
            "ferrule plan -f new/ --against old/ --assume-pods --fail-on dangerous",
            "ferrule plan -f new/ --against old/ --format html > plan.html",
        ],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.changes, "--exit-code: there are changes; --fail-on dangerous: there are dangerous ones")
            ], Failure.ofKernel, Failure.always, Failure.ofInput),
        files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown, html
    }

    enum FailOn: String, ExpressibleByArgument, CaseIterable {
        case dangerous
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "What to compare with: live, the kernel; or a file or directory of other definitions; repeatable.",
                valueName: "live|path"),
            completion: PathCompletion.kind(besides: [PlanCommand.live]), transform: parseInputPath)
        var against: [String] = []

        @Flag(
            help:
                "Take a path of --against that does not exist for an empty one; without --against compare with nothing."
        )
        var againstEmpty = false

        @Option(help: "How to print the plan; markdown: for a comment of a pull request; html: a page for a browser.")
        var format = Format.text

        @Flag(help: "Exit with 1 if anything would change.")
        var exitCode = false

        @Option(help: "Exit with 1 only if something dangerous would change, with --exit-code too.")
        var failOn: FailOn?
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
        guard !against.contains("-") || input.configurationPath != "-" else {
            throw ValidationError("standard input can be --against or --config, not both")
        }
    }

    func run() throws {
        let console = global.console
        let sides = try readSides(console)
        let clock = ContinuousClock()
        let start = clock.now
        let (plan, difference) = console.during("comparing") {
            let plan = Planner.plan(from: sides.before.ruleset, to: sides.after.ruleset)
            let difference = Difference(
                from: sides.before.ruleset, to: sides.after.ruleset,
                placed: (sides.before.placed, sides.after.placed), nodes: sides.nodes,
                addressesOfNodes: sides.addressesOfNodes, nodePorts: sides.nodePorts, plan: plan)
            return (plan, difference)
        }
        console.detail("compared in \(milliseconds(clock.now - start)) ms")
        let report = PlanReport(difference: difference, work: plan.work(on: sides.before.ruleset), sides: sides)
        switch options.format {
        case .text:
            try console.result(PlanText(report, isColored: console.colorsResults, width: console.resultWidth).text)
        case .markdown: try console.result(PlanMarkdown(report).text)
        case .json: try console.result(report.json)
        case .html: try console.result(PlanPage(report).html)
        }
        let fails =
            switch options.failOn {
            case .dangerous: difference.dangerCount > 0
            case nil: options.exitCode && !difference.isEmpty
            }
        if fails { throw Failure.changes }
    }

    private func readSides(_ console: Console) throws -> PlanSides {
        if against.contains(PlanCommand.live) {
            return try compareWithKernel(KernelAccess(console: console).readTables(), console)
        }
        guard against.isEmpty, !options.againstEmpty else {
            let paths = against.filter { path in
                !options.againstEmpty || path == "-" || FileManager.default.fileExists(atPath: path)
            }
            return try PlanSides(input: input, base: paths, console)
        }
        return try compareWithKernel(readOwnKernel(console), console)
    }

    private func compareWithKernel(_ actual: Ruleset, _ console: Console) throws -> PlanSides {
        BothBackends(console: console).noteUnread()
        return try PlanSides(input: input, kernel: actual, console)
    }

    /// The kernel that nobody has asked for in words: that of whoever may read it.
    private func readOwnKernel(_ console: Console) throws -> Ruleset {
        do throws(NetlinkError) {
            guard geteuid() == 0 else { throw .notPermitted }
            return try Kernel().read(IPFamily.allCases.map(TableName.ferrule)).ruleset
        } catch .notPermitted {
            throw ValidationError(
                "nothing to compare with: pass --against PATH with other definitions, --against-empty, or as root "
                    + "--against live, which is also what root gets without any of them")
        } catch {
            throw KernelAccess(console: console).report(error, .asked)
        }
    }
}
