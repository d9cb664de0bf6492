// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import Logging

/// What `ferrule run` has found in `--config` at one time, for its log.
struct ConfigurationReading: Equatable {
    /// nil inside where there is no `--config`; else why it cannot be used, as an exit code.
    let result: Result<KubeProxyConfiguration?, any Error>
    private let diagnostics: [Diagnostic]

    /// Reads it. Nothing is said.
    init(_ input: InputOptions, _ console: Console) {
        let findings = Findings()
        var pipeline = Pipeline(input: input, console: console)
        pipeline.findings = findings
        result = Result { try pipeline.readConfiguration() }
        diagnostics = findings.diagnostics
    }

    /// nil also where it cannot be used.
    var configuration: KubeProxyConfiguration? { try? result.get() }

    /// Says what is wrong with it.
    func say(_ log: Logger) {
        let printer = DiagnosticPrinter()
        for diagnostic in diagnostics {
            log.log(level: diagnostic.severity == .error ? .error : .warning, "\(printer.line(of: diagnostic))")
        }
    }

    static func == (left: ConfigurationReading, right: ConfigurationReading) -> Bool {
        left.configuration == right.configuration && left.diagnostics == right.diagnostics
    }
}
