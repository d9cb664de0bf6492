// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc

/// `ferrule confirm`: keeps what `ferrule apply --confirm` has applied.
struct ConfirmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Keep the ruleset that `ferrule apply --confirm` has applied.",
        discussion: """
            Works in the network namespace in which it is started, from any terminal. Exits with 75 if nothing waits for \
            a confirmation. Needs to be run as the user of that apply.

            EXAMPLES:
              ferrule confirm
            """)

    @OptionGroup(title: "Global") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        if unsafe access(folder.path, R_OK | X_OK) != 0, errno == EACCES {
            console.failure("\(folder.path) may not be entered", hint: "run it as root, as the apply was")
            throw Failure.notPermitted
        }
        // An apply that is about to commit is given some seconds to end.
        for _ in 0..<50 {
            switch ConfirmationSocket.ask(.confirm, at: folder.socketPath) {
            case ConfirmationSocket.Answer.confirmed:
                return try console.result("confirmed: the new ruleset stays")
            case ConfirmationSocket.Answer.tooEarly: usleep(100_000)
            default:
                console.failure(
                    "nothing waits for a confirmation here",
                    hint: "either it is confirmed, or the previous ruleset is back: `ferrule status` tells what stands")
                throw Failure.refused
            }
        }
        console.failure("the apply is still at work", hint: "run `ferrule confirm` again")
        throw Failure.refused
    }
}
