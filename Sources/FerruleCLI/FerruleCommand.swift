// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
internal import FerruleNetlink
internal import FerruleText
internal import Glibc
internal import SystemPackage

/// `ferrule`, the root of the commands.
package struct FerruleCommand: DocumentedCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ferrule",
        abstract: "Compile Kubernetes Services to nftables rulesets, show them, and apply them.",
        discussion: manual.discussion + "\n\nEXIT CODES:\n"
            + manual.exitCodes.map(\.lines).joined(separator: "\n"),
        version: ferruleVersion,
        subcommands: [
            RenderCommand.self, GetCommand.self, IngressCommand.self, PlanCommand.self, ApplyCommand.self,
            RunCommand.self,
            ConfirmCommand.self,
            DeleteCommand.self, DNSCommand.self, EnvCommand.self,
            StatusCommand.self, TestCommand.self, TraceCommand.self, ValidateCommand.self, WatchdogCommand.self,
        ])

    static let manual = Manual(
        examples: [
            "ferrule render -f services.yaml           # show what it comes to",
            "kubectl get svc,endpointslices,nodes -A -o yaml | ferrule render -f -",
            "ferrule get -f cluster.yaml               # which services there are",
            "ferrule dns -f cluster.yaml               # and by which names they are found",
            "ferrule plan -f new/ --against old/       # what would change, and for whom",
            "ferrule apply -f cluster.yaml --check     # ask the kernel, change nothing",
            "ferrule apply -f cluster.yaml             # make it so, in one transaction",
        ],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.changes,
                    "changes (plan --exit-code, --fail-on); drifted or absent (status --exit-code); "
                        + "a statement does not hold (test)")
            ],
            Failure.ofKernel, Failure.always, Failure.ofInput),
        files: Manual.File.ofInput + [Manual.File.ofConfirmation])

    @Option(help: .hidden)
    var generateManual: String?

    package init() {}

    /// Without a command.
    package func run() throws {
        guard let generateManual else { throw CleanExit.helpRequest(self) }
        let console = Console(.auto, isQuiet: false, verbosity: 0)
        for page in ManualPage.all() {
            try OutputFile(path: "\(generateManual)/\(page.fileName)").write(Array(page.text.utf8), console)
        }
    }

    /// Runs the command that the process's arguments name, and exits.
    package static func start() {
        // Whoever starts the program may ignore SIGPIPE, but `ferrule render | head` ends quietly all the same.
        signal(SIGPIPE, SIG_DFL)
        NetAdmin.raise()
        keepStandardDescriptors()
        // They are read from there; without them the command would be taken for none.
        guard !CommandLine.arguments.isEmpty else {
            Console(.auto, isQuiet: false, verbosity: 0).failure(
                "the arguments cannot be read: /proc is not mounted here")
            exit(withError: Failure.unsupported)
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try run(arguments)
            exit()
        } catch  where exitCode(for: error) == .success {
            // Help, the version or a completion script.
            conclude(with: fullMessage(for: error))
        } catch {
            guard exitCode(for: error) == Failure.usage else { exit(withError: error) }
            explain(arguments)
            // Of what a command finds while it runs ArgumentParser does not know which command it is about.
            if let error = error as? ValidationError { complain(error.message, about: arguments.first ?? "") }
            complain(fullMessage(for: error))
        }
    }

    /// Prints what ArgumentParser answers itself, which is a result like others, and exits.
    private static func conclude(with text: String) -> Never {
        do {
            if !text.isEmpty { try Console(.auto, isQuiet: false, verbosity: 0).result(text) }
            exit()
        } catch {
            exit(withError: error)
        }
    }

    /// Where standard input, output or error is closed, the next file that is opened would take its place, and be written
    /// into; a descriptor that can neither be read nor written keeps it.
    private static func keepStandardDescriptors() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    private static func run(_ arguments: [String]) throws {
        // Else `ferrule stauts --help` would be answered by the help of the program.
        let name = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        if let name, !name.hasPrefix("-"), name != "help", subcommand(name) == nil { throw Failure.usage }
        var command = try parseAsRoot(arguments)
        try command.run()
    }

    private static func subcommand(_ name: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0.configuration.commandName == name }
    }

    /// Says what may have been meant, and exits; returns where ArgumentParser knows better.
    private static func explain(_ arguments: [String]) {
        guard let program = CommandTree.program(), let problem = UsageProblem(arguments, of: program) else { return }
        complain(problem.message, about: problem.command)
    }

    /// - Parameter name: that of a command; of none, it is about the program.
    private static func complain(_ message: String, about name: String) -> Never {
        let command = subcommand(name)
        let usage = command.map { usageString(for: $0) } ?? usageString()
        let asked = command == nil ? "ferrule" : "ferrule \(name)"
        complain("Error: \(message)\nUsage: \(usage)\n  See '\(asked) --help' for more information.")
    }

    /// Says that the command line is wrong, and exits. Arguments may come from anywhere, and are quoted.
    private static func complain(_ text: String) -> Never {
        if !text.isEmpty {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
                String($0).printable + "\n"
            }
            _ = try? FileDescriptor.standardError.writeAll(lines.joined().utf8)
        }
        exit(withError: Failure.usage)
    }
}
