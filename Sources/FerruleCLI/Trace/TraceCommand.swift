// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleKubernetes
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerrulePictures
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleTraffic

/// `ferrule trace`: says what becomes of a packet.
struct TraceCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Say what becomes of a packet, and by which rules; needs no root and touches nothing.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: ["-f path --from source --to destination", "--live --from source --to destination"],
        description: """
            The packet is the first one of a connection. From definitions the answer is that of the ruleset that they come to, \
            on the node that --node-name says, else that of the sender, as far as they tell; session affinity remembers nobody \
            yet. With --live it is that of this host's kernel, which needs CAP_NET_ADMIN. What other programs do with the packet \
            is not known.

            SOURCE is an address, ADDRESS:PORT, 'pod NAMESPACE/NAME', 'node' (a process on it) or 'outside'. DESTINATION is \
            ADDRESS:PORT[/tcp|udp|sctp], IPv6 in brackets, 'service NAMESPACE/NAME[:PORT[/PROTOCOL]]' or 'nodeport PORT[/PROTOCOL]'.

            Exits with 0 whatever becomes of the packet.
            """,
        examples: [
            "ferrule trace -f cluster.yaml --from 'pod shop/cart' --to 'service shop/web'",
            "ferrule trace -f cluster.yaml --from outside --to 'nodeport 30080'",
            "ferrule trace --live --from 10.244.0.11 --to 10.96.0.10:53/udp",
            "ferrule trace --live --from node --to 10.96.0.10:53 --format svg > way.svg",
        ],
        exitCodes: Failure.sorted(Failure.ofKernel, Failure.always, Failure.ofInput), files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, svg
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(help: ArgumentHelp("Who sends the packet.", valueName: "source"), transform: parseSource)
        var from: TrafficSource

        @Option(help: ArgumentHelp("Where it goes to.", valueName: "destination"), transform: parseDestination)
        var to: TrafficDestination

        @Option(
            name: .customLong("in"),
            help: ArgumentHelp("The interface that it comes in by, where rules ask for it.", valueName: "interface"))
        var interface: String?

        @Flag(help: "Ask the tables in this host's kernel instead of definitions.")
        var live = false

        @Option(help: "How to print it; svg: as a drawing for a browser.")
        var format = Format.text
    }

    @OptionGroup(title: "Trace options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try input.refuseWriteLock(because: "trace writes no file")
        guard !options.live || input.paths.isEmpty else {
            throw ValidationError("--live asks the kernel: leave -f out, or --live")
        }
        if let interface = options.interface, let problem = InterfaceName.problem(interface, isPrefix: false) {
            throw ValidationError("--in: \(problem)")
        }
    }

    func run() throws {
        let console = global.console
        let answer = try options.live ? liveAnswer(console) : definedAnswer(console)
        switch options.format {
        case .text: try console.result(TraceText(answer, colored: console.colorsResults).text)
        case .json: try console.result(JSONText.encode(TraceJSON(answer)))
        case .svg: try console.result(WayPicture(answer, from: options.from).svg)
        }
    }

    private func definedAnswer(_ console: Console) throws -> TrafficAnswer {
        let output = try Pipeline(input: input, console: console).run()
        if let home = options.from.node(output.resolver), home != output.nodeName {
            console.note("the sender is on \(home), whose rules its packets meet first")
            if output.nodeName == nil { return try answer(of: output.traffic(on: home), console) }
        }
        let node = NodeTraffic(
            output.ruleset, output.resolver, output.resolution.cluster, nodeName: output.nodeName)
        return try answer(of: node, console)
    }

    private func liveAnswer(_ console: Console) throws -> TrafficAnswer {
        let ruleset = try KernelAccess(console: console).readTablesToShow()
        let machine = Machine.current()
        let node = NodeTraffic(
            reading: ruleset, nodeName: machine.nodeName,
            // Which interface leads to a destination is not asked: who says an address means that one.
            addresses: input.nodeAddresses.values + machine.interfaceAddresses)
        return try answer(of: node, console)
    }

    private func answer(of node: NodeTraffic, _ console: Console) throws -> TrafficAnswer {
        do throws(TrafficError) {
            return try node.answer(from: options.from, to: options.to, in: options.interface)
        } catch {
            guard case .unknown(let message, let hint) = error else { throw ValidationError(error.message) }
            console.failure(message, hint: hint)
            throw Failure.invalidInput
        }
    }
}

@Sendable private func parseSource(_ text: String) throws -> TrafficSource {
    try reportingUsage { () throws(TrafficError) in try TrafficSource(text) }
}

@Sendable private func parseDestination(_ text: String) throws -> TrafficDestination {
    try reportingUsage { () throws(TrafficError) in try TrafficDestination(text) }
}

private func reportingUsage<Result>(_ body: () throws(TrafficError) -> Result) throws -> Result {
    do throws(TrafficError) {
        return try body()
    } catch {
        throw ValidationError(error.message)
    }
}
