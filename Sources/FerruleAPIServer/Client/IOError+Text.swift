// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import SystemPackage

extension IOError {
    /// The system's words for an error's number.
    static func text(of code: CInt) -> String { Errno(rawValue: code).description.lowercased() }
}
