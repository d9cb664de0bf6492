// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink
internal import Foundation

/// Why something could not be written.
struct WriteProblem {
    private let number: Int32?

    /// - Parameter error: what Foundation has thrown.
    init(_ error: any Error) { number = WriteProblem.number(of: error as NSError) }

    /// `: no space left on device (ENOSPC)`; empty where it is not known.
    var reason: String { number.map { ": \(ErrorNumber($0))" } ?? "" }

    /// Whether the same may succeed at another time: the disk is full, or fails.
    var isOfMoment: Bool { [ENOSPC, EDQUOT, EIO, EFBIG].contains(number) }

    var exitCode: ExitCode { isOfMoment ? Failure.refused : Failure.usage }

    private static func number(of error: NSError) -> Int32? {
        if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
        return (error.userInfo[NSUnderlyingErrorKey] as? any Error).flatMap { number(of: $0 as NSError) }
    }
}
