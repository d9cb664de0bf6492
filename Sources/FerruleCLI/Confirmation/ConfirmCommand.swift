// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc

/// `ferrule confirm`: keeps what `ferrule apply --confirm` has applied, or puts back what was before it.
struct ConfirmCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Keep the ruleset that `ferrule apply --confirm` has applied, or reject it.",
        discussion: manual.discussion)

    static let manual = Manual(
        description: """
            Works in the network namespace in which it is started, from any terminal. Exits with 75 if nothing waits for \
            a confirmation. Needs to be run as the user of that apply.
            """,
        examples: ["ferrule confirm", "ferrule confirm --reject"],
        exitCodes: Failure.sorted(
            [Failure.Meaning(Failure.refused, "nothing waits for a confirmation, or it came too late")],
            Failure.always, [Failure.Meaning(Failure.notPermitted, "only the user of the apply may confirm it")]),
        files: [Manual.File.ofConfirmation])

    /// The command's own.
    struct Options: ParsableArguments {
        @Flag(help: "Put the previous ruleset back at once.")
        var reject = false
    }

    @OptionGroup(title: "Confirm options") var options: Options
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        if unsafe access(folder.path, R_OK | X_OK) != 0, errno == EACCES {
            console.failure("\(folder.path) may not be entered", hint: "run it as root, as the apply was")
            throw Failure.notPermitted
        }
        guard let answer = answer(folder) else {
            console.failure(
                "nothing waits for a confirmation here",
                hint: "either it is confirmed, or the previous ruleset is back: `ferrule status` tells what stands")
            throw Failure.refused
        }
        guard answer != ConfirmationSocket.Answer.tooEarly else {
            console.failure("the apply is still at work", hint: "run the command again")
            throw Failure.refused
        }
        switch WatchdogProcess.Report(line: answer) {
        case .confirmed: try console.result("confirmed: the new ruleset stays")
        case .restored: try console.result("rejected: the previous ruleset is back")
        case .failed(let reason):
            console.failure("the previous ruleset could not be put back: \(reason)")
            throw Failure.refused
        case .ready, .cancelled, .gone:
            console.failure("the watchdog answered something else: \(answer)")
            throw Failure.refused
        }
    }

    /// The watchdog's answer; nil if there is no watchdog. An apply that is about to commit is given some seconds to end.
    private func answer(_ folder: ConfirmationFolder) -> String? {
        let question: ConfirmationSocket.Question = options.reject ? .reject : .confirm
        for _ in 1..<50 {
            let answer = ConfirmationSocket.ask(question, at: folder.socketPath)
            guard answer == ConfirmationSocket.Answer.tooEarly else { return answer }
            usleep(100_000)
        }
        return ConfirmationSocket.ask(question, at: folder.socketPath)
    }
}
