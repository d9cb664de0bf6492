// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleAgent
internal import FerruleKubernetes
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleResolution
internal import Foundation
internal import Logging

/// `ferrule run`: keeps this node's kernel at what files say.
struct RunCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Keep this node's kernel at what Service definitions say, as they change.",
        discussion: manual.discussion)

    static let manual = Manual(
        description: """
            Follows the files and folders that -f names: what becomes different in them is in the kernel at once, by a \
            transaction of what has changed. An input that does not parse, or that would empty the node, changes nothing and is \
            said; what stands in the kernel stays.

            What others change in Ferrule's tables is put right. SIGTERM and SIGINT end it with 0, and what stands in the \
            kernel stays; SIGUSR1 switches debug messages on and off. One at a time runs in a network namespace: the second \
            exits with 75. Messages go to standard error.
            """,
        examples: [
            "ferrule run -f /etc/ferrule",
            "ferrule run -f services.yaml --node-name node-a --log-format json",
        ],
        exitCodes: Failure.sorted(
            [Failure.Meaning(Failure.refused, "another agent runs in this network namespace")],
            Failure.always, Failure.ofInput, Failure.ofKernel),
        files: Manual.File.ofInput)

    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    enum LogLevel: String, ExpressibleByArgument, CaseIterable {
        case debug, info, warning, error

        var level: Logger.Level {
            switch self {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        }
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Flag(help: "Follow also an input that would take all services, or all their endpoints, from this node.")
        var allowEmpty = false

        @Option(help: "How messages are written.")
        var logFormat = LogFormat.text

        @Option(help: "The least important messages that are written.")
        var logLevel = LogLevel.info
    }

    @OptionGroup(title: "Run options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try input.requirePaths()
        guard !input.paths.contains("-") else {
            throw ValidationError("-f -: standard input cannot be followed; pass files or folders")
        }
        guard !input.writeLock else { throw ValidationError("--write-lock: nothing is allocated for good by `run`") }
    }

    func run() throws {
        let console = global.console
        let host = Machine.current()
        let pipeline = Pipeline(input: input, console: console, host: host, refusesGaps: !options.allowEmpty)
        let configuration = try pipeline.readConfiguration()
        var resolution = input.resolution(configuration, host: host)
        let log = AgentLog.logger(options.logFormat == .json ? .json : .text, options.logLevel.level)
        guard let lock = AgentLock() else {
            console.failure("another `ferrule run` works in this network namespace")
            throw Failure.refused
        }
        let mailbox = Mailbox()
        let settings = Agent.Settings(
            resolution, try input.compiler(configuration, families: IPFamily.allCases), version: ferruleVersion)
        // Signals are taken by a thread that waits for them: none started later must be interrupted by one.
        AgentSignals.hold()
        var agent = try KernelAccess(console: console).perform(.before) { _ throws(NetlinkError) in
            try Agent(settings, mailbox, log)
        }
        AgentSignals.deliver(to: mailbox)
        resolution.refusesGaps = !options.allowEmpty
        var files = FileSource.Options(input.paths)
        (files.namespace, files.excluded, files.isStrict) = (input.namespace, input.exclude, input.isStrict)
        (files.validation.nodePortRange, files.resolution) = (input.nodePortRange, resolution)
        let source = FileSource(files, log)
        Thread.detachNewThread {
            var source = source
            source.follow(mailbox)
        }
        agent.run()
        extendLifetime(lock)
    }
}
