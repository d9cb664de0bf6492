// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import FoundationEssentials
import SystemPackage

/// Why an input could not be read at all; what is wrong *within* an input are diagnostics of ``Manifests``.
package enum ManifestError: Error, Sendable {
    /// Files or directories that are missing or cannot be read, one diagnostic for each.
    case unreadable([Diagnostic])

    static func unreadable(_ path: String, _ message: String) -> ManifestError {
        .unreadable([Diagnostic(.error, message, origin: Origin(file: path))])
    }

    /// What to say of a file that the system did not let be read.
    package static func unreadableFile(_ error: any Error) -> String {
        "this file cannot be read: \(reason(of: error))"
    }

    /// Why the system did not let something be read.
    package static func reason(of error: any Error) -> String {
        if error is FileContent.TooLong { return "it goes on beyond 2 GiB" }
        return switch ((error as? CocoaError)?.code, error as? Errno) {
        case (.fileReadNoPermission, _), (_, .permissionDenied), (_, .notPermitted): "permission denied"
        case (.fileReadNoSuchFile, _), (_, .noSuchFileOrDirectory): "it does not exist"
        case (_, .tooManySymbolicLinkLevels): "its links lead in a circle"
        case (_, .isDirectory): "it is a directory"
        case (.fileReadTooLarge, _), (_, .fileTooLarge): "it is too large"
        default: "input or output error"
        }
    }
}
