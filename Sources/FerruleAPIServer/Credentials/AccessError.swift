// SPDX-License-Identifier: Apache-2.0

internal import FerruleManifests

/// Why it cannot be told how to reach an API server, or as whom.
package struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file that is wrong or missing; nil where it is a variable of the environment.
    package let file: String?
    /// The field of the file, such as `users[0].user.tokenFile`; empty where the whole file is meant.
    package let field: String
    /// What is wrong, and what would be right.
    package let message: String
    /// Whether something cannot be read, in place of being wrong.
    package let isUnreadable: Bool

    package init(file: String?, field: String = "", _ message: String, isUnreadable: Bool = false) {
        (self.file, self.field, self.message, self.isUnreadable) = (file, field, message, isUnreadable)
    }

    /// `FILE: FIELD: what is wrong`
    package var description: String {
        [file ?? "", field, message].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension AccessError {
    /// A file cannot be read, for the reason that an error of reading it says.
    static func unreadable(_ file: String, _ error: any Error) -> Self {
        Self(file: file, ManifestError.unreadableFile(error), isUnreadable: true)
    }
}
