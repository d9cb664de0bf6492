// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The exit codes of the command-line contract.
enum Failure {
    /// `plan --exit-code`: there are changes, `plan --fail-on dangerous`: there are dangerous ones; `status --exit-code`: the kernel holds something else than was applied.
    static let changes = ExitCode(1)
    /// `test`: a statement does not hold.
    static let doesNotHold = ExitCode(1)
    /// `EX_USAGE`: the command line is wrong, or names a file that cannot be made.
    static let usage = ExitCode(64)
    /// `EX_DATAERR`: the input is invalid.
    static let invalidInput = ExitCode(65)
    /// `EX_NOINPUT`: an input file cannot be read.
    static let unreadableInput = ExitCode(66)
    /// `EX_UNAVAILABLE`: the kernel lacks something.
    static let unsupported = ExitCode(69)
    /// `EX_SOFTWARE`: a defect of Ferrule itself.
    static let defect = ExitCode(70)
    /// `EX_TEMPFAIL`: the kernel refused, or changed under us; also where it refuses to write, as on a full disk, for
    /// which the contract has no code of its own: what was asked for is right, and may succeed later.
    static let refused = ExitCode(75)
    /// `EX_NOPERM`: CAP_NET_ADMIN is needed.
    static let notPermitted = ExitCode(77)
}

extension Failure {
    /// An exit code in words.
    struct Meaning {
        let code: Int32
        let text: String

        init(_ code: ExitCode, _ text: String) { (self.code, self.text) = (code.rawValue, text) }

        /// As help shows it, which is 80 characters wide: the code, and beside it the text.
        var lines: String {
            let label = "  \(code)\(code < 10 ? " " : "")  "
            return LineWrapping(width: 80 - label.count).lines(text, indent: 0).enumerated().map { number, line in
                (number == 0 ? label : String(repeating: " ", count: label.count)) + line
            }.joined(separator: "\n")
        }
    }

    /// What every command may exit with.
    static let always = [
        Meaning(.success, "done"), Meaning(usage, "wrong usage, or a file that cannot be made"),
        Meaning(defect, "a defect of Ferrule itself"),
        Meaning(refused, "the output cannot be written, as on a full disk; try again"),
    ]
    static let ofInput = [
        Meaning(invalidInput, "the input is invalid"), Meaning(unreadableInput, "an input file cannot be read"),
    ]
    /// Stands before ``always``, which knows less.
    static let ofKernel = [
        Meaning(refused, "the kernel refused or changed meanwhile, or the disk is full; try again"),
        Meaning(unsupported, "the kernel lacks something that is needed"),
        Meaning(notPermitted, "CAP_NET_ADMIN is needed"),
    ]

    /// In the order of the codes; of two meanings of a code the first.
    static func sorted(_ meanings: [Meaning]...) -> [Meaning] {
        var seen: Set<Int32> = []
        return meanings.flatMap(\.self).filter { seen.insert($0.code).inserted }.sorted { $0.code < $1.code }
    }
}
