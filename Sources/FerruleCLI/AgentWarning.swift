// SPDX-License-Identifier: Apache-2.0

internal import FerruleAgent
internal import FerruleDiagnostics

extension Console {
    /// Warns where `ferrule run` works in the network namespace: what a command has done to the tables does not last.
    ///
    /// - Returns: the warnings.
    @discardableResult
    func warnOfAgent() -> [Diagnostic] {
        guard AgentLock.isHeld else { return [] }
        let warning = Diagnostic(
            .warning, "`ferrule run` works here: it puts the ruleset of what it follows in place of this one at once",
            hint: "stop it first, or change what it follows")
        print([warning])
        return [warning]
    }
}
