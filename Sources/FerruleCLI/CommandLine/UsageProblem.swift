// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleKubernetes

/// What is wrong with a command line, and what may have been meant, where ArgumentParser says less.
struct UsageProblem {
    let message: String
    /// The command that it is about; empty for the program.
    let command: String

    /// nil where nothing of the kind is wrong.
    ///
    /// - Parameter arguments: those of the process, without its own name.
    init?(_ arguments: [String], of program: CommandTree) {
        let asksForHelp = arguments.first == "help"
        let name = asksForHelp ? arguments.dropFirst().first : arguments.first
        guard let name, name != "help" else { return nil }
        if let problem = Self.problemOfCompletion(arguments) {
            (message, self.command) = (problem, "")
            return
        }
        let isCommand = !name.hasPrefix("-")
        guard let command = isCommand ? program.subcommand(name) : program else {
            self.command = ""
            let known = program.subcommands?.filter(\.shouldDisplay).map(\.commandName) ?? []
            message = "there is no command '\(name)'" + Self.question(Self.near(name, among: known))
            return
        }
        self.command = isCommand ? name : ""
        var scan = ArgumentScan(command)
        scan.read(isCommand ? arguments.dropFirst() : arguments[...])
        if asksForHelp {
            return nil
        } else if let unknown = scan.unknownOption {
            let known = command.arguments?.filter(\.shouldDisplay).flatMap { $0.names ?? [] } ?? []
            let near = Self.near(unknown.drop { $0 == "-" }, among: known.filter { $0.kind == .long }.map(\.name))
            let isMisplaced = !isCommand && program.subcommands?.contains { $0.argument(unknown) != nil } == true
            message =
                isMisplaced
                ? "options stand behind the command, as in `ferrule COMMAND \(unknown)`"
                : "there is no option '\(unknown)'" + Self.question(near.map { "--\($0)" })
        } else if let first = scan.unexpected.first, command.argument("-f") != nil {
            let all = scan.filenames + scan.unexpected
            let line = (["ferrule", name] + all.prefix(3).map { "-f \($0)" }).joined(separator: " ")
            message =
                "'\(first)' has no -f before it, as each file or directory needs: `\(line)\(all.count > 3 ? " ..." : "")`"
        } else {
            return nil
        }
    }

    /// What is wrong where a completion script is asked for, which ArgumentParser does not describe as an option; nil where none
    /// is. Without a shell it makes one for that of the user, if it knows that.
    private static func problemOfCompletion(_ arguments: [String]) -> String? {
        let option = "--generate-completion-script"
        let parts = (arguments.first ?? "").split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.first == option else { return nil }
        let shells = CompletionShell.allCases.map(\.rawValue).sorted().joined(separator: ", ")
        let shell = parts.count > 1 ? parts[1] : arguments.dropFirst().first
        guard let shell, CompletionShell(rawValue: shell) == nil else {
            return "write a shell behind \(option): \(shells)"
        }
        return "there is no completion script for '\(shell)', only for \(shells)"
    }

    /// Names that begin so; else those that are a slip of the pen away and nearest.
    private static func near(_ name: some StringProtocol, among names: [String]) -> [String] {
        let longer = names.filter { name.count > 1 && $0.hasPrefix(name) }
        guard longer.isEmpty else { return longer }
        return names.nearest(to: String(name))
    }

    private static func question(_ names: [String]) -> String {
        names.isEmpty ? "" : "; did you mean " + names.map { "'\($0)'" }.joined(separator: " or ") + "?"
    }
}

/// The arguments of one command, sorted as ArgumentParser sorts them.
private struct ArgumentScan {
    private let command: CommandTree
    private(set) var unknownOption: String?
    private(set) var positional: [String] = []
    /// The values of `-f`.
    private(set) var filenames: [String] = []

    init(_ command: CommandTree) { self.command = command }

    mutating func read(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let argument = rest.popFirst() {
            if argument == "--" {
                positional += rest
                return
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                positional.append(argument)
                continue
            }
            // An empty value is one: `--node-name=` takes no other.
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if let known = command.argument(parts[0]) {
                guard known.kind == .option else { continue }
                let value = parts.count > 1 ? parts[1] : rest.popFirst()
                if let value, known.names?.contains(where: { $0.synopsis == "-f" }) == true { filenames.append(value) }
            } else if !isJoined(argument), !argument.dropFirst().allSatisfy(isFlag) {
                unknownOption = unknownOption ?? parts[0]
            }
        }
    }

    /// What stands without an option before it, beyond what the command takes.
    var unexpected: ArraySlice<String> {
        positional.dropFirst(command.arguments?.count { $0.kind == .positional } ?? 0)
    }

    /// Whether it is an option of one letter with its value, as `-fFILE`, and not a long one that lacks a hyphen.
    private func isJoined(_ argument: String) -> Bool {
        command.argument("-\(argument)") == nil && command.argument(String(argument.prefix(2)))?.kind == .option
    }

    /// Flags of one letter may stand together, as in `-qv`.
    private func isFlag(_ letter: Character) -> Bool { command.argument("-\(letter)")?.kind == .flag }
}
