// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics

/// Takes what is found about an input, in place of printing it.
final class Findings {
    private(set) var diagnostics: [Diagnostic] = []

    func add(_ diagnostics: [Diagnostic]) { self.diagnostics += diagnostics }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
