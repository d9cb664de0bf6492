// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import Foundation

/// Standard output for results, standard error for everything else.
struct Console {
    private let isQuiet: Bool
    private let verbosity: Int
    private let isColored: Bool

    init(_ color: ColorChoice, isQuiet: Bool, verbosity: Int) {
        (self.isQuiet, self.verbosity) = (isQuiet, verbosity)
        isColored =
            switch color {
            case .always: true
            case .never: false
            case .auto: isatty(STDERR_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
            }
    }

    /// Writes a result.
    func result(_ bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data(bytes))
    }

    /// Writes a line of result.
    func result(_ line: String) { result([UInt8]((line + "\n").utf8)) }

    /// Writes what a user should know, unless they asked for quiet.
    func note(_ line: String) {
        if !isQuiet { error(line) }
    }

    /// Writes what a user asked to know.
    func detail(_ line: String) {
        if verbosity > 0 { error(line) }
    }

    /// Writes an error without a place in the input.
    func failure(_ message: String, hint: String? = nil) {
        print([Diagnostic(.error, message, hint: hint)])
    }

    /// Writes that a file cannot be used.
    func failure(file: String, _ message: String, hint: String? = nil) {
        print([Diagnostic(.error, message, origin: Origin(file: file), hint: hint)])
    }

    /// Writes diagnostics, warnings only if not quiet.
    func print(_ diagnostics: [Diagnostic]) {
        let printer = DiagnosticPrinter(colored: isColored)
        let shown = diagnostics.filter { $0.severity == .error || !isQuiet }
        FileHandle.standardError.write(Data(shown.map(printer.text(of:)).joined().utf8))
    }

    private func error(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
