// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink
internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// Why something could not be written.
struct WriteProblem {
    private let number: Int32?

    /// - Parameter error: what Foundation or a system call has thrown.
    init(_ error: any Error) { number = WriteProblem.number(of: error) }

    /// `: no space left on device (ENOSPC)`; empty where it is not known.
    var reason: String { number.map { ": \(ErrorNumber($0))" } ?? "" }

    /// Whether the same may succeed at another time: the disk is full, or fails.
    var isOfMoment: Bool { [ENOSPC, EDQUOT, EIO, EFBIG].contains(number) }

    /// Whether no file can have the name, wherever it stands.
    var isOfName: Bool { number == ENAMETOOLONG }

    /// Whether a directory stands where a file was to be written.
    var isDirectory: Bool { number == EISDIR }

    var exitCode: ExitCode { isOfMoment ? Failure.refused : Failure.usage }

    private static func number(of error: any Error) -> Int32? {
        switch error {
        case let error as Errno: error.rawValue
        case let error as POSIXError: error.code.rawValue
        case let error as CocoaError: error.underlying.flatMap(number)
        default: nil
        }
    }
}
