// SPDX-License-Identifier: Apache-2.0

/// Why it cannot be told how to reach an API server, or as whom.
package struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file that is wrong or missing; nil where it is a variable of the environment.
    package let file: String?
    /// The field of the file, such as `users[0].user.tokenFile`; empty where the whole file is meant.
    package let field: String
    /// What is wrong, and what would be right.
    package let message: String

    package init(file: String?, field: String = "", _ message: String) {
        (self.file, self.field, self.message) = (file, field, message)
    }

    /// `FILE: FIELD: what is wrong`
    package var description: String {
        [file ?? "", field, message].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
