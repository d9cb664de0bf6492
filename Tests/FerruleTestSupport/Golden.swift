// SPDX-License-Identifier: Apache-2.0

package import Foundation
internal import TestConditions

/// Comparing what the program says with a file that says what it should.
package enum Golden {
    /// Whether files are rewritten instead of compared: `FERRULE_UPDATE_GOLDEN=1`, but never in continuous integration.
    package static let isUpdating: Bool = isWished && !ContinuousIntegration.isHere

    /// Whether somebody asked for rewriting where it is refused.
    package static let isRefused: Bool = isWished && ContinuousIntegration.isHere

    /// Compares a file with what it should hold, nil for a file that should not be there, and says what differs; when
    /// updating it makes the file so and returns nil.
    package static func difference(_ file: URL, _ actual: String?) throws -> String? {
        let expected = try? String(contentsOf: file, encoding: .utf8)
        guard expected != actual else { return nil }
        if isUpdating {
            try write(actual, to: file)
            return nil
        }
        let name = String(file.path.dropFirst(Project.root.path.count)).trimmingPrefix { $0 == "/" }
        let cause =
            switch (expected, actual) {
            case (nil, _): "\(name) is missing; this is what it would hold:\n"
            case (_, nil): "\(name) should not be there:\n"
            case (_, _): "\(name) differs:\n"
            }
        let diff = UnifiedDiff(expected ?? "", actual ?? "", oldName: String(name), newName: "what ferrule printed")
        return cause + diff.description + "If this is right, accept it with: make golden"
    }

    private static func write(_ text: String?, to file: URL) throws {
        guard let text else { return try FileManager.default.removeItem(at: file) }
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private static let isWished = EnvironmentSwitch.isOn("FERRULE_UPDATE_GOLDEN")
}
