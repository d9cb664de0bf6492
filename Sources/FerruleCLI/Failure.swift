// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The exit codes of the command-line contract.
enum Failure {
    /// `plan --exit-code`: there are changes.
    static let changes = ExitCode(1)
    /// `EX_DATAERR`: the input is invalid.
    static let invalidInput = ExitCode(65)
    /// `EX_NOINPUT`: an input file cannot be read.
    static let unreadableInput = ExitCode(66)
    /// `EX_UNAVAILABLE`: the kernel lacks something.
    static let unsupported = ExitCode(69)
    /// `EX_SOFTWARE`: a defect of Ferrule itself.
    static let defect = ExitCode(70)
    /// `EX_CANTCREAT` is not in the contract: what cannot be written is a wrong argument.
    static let usage = ExitCode(64)
    /// `EX_TEMPFAIL`: the kernel refused, or changed under us.
    static let refused = ExitCode(75)
    /// `EX_NOPERM`: CAP_NET_ADMIN is needed.
    static let notPermitted = ExitCode(77)
}
