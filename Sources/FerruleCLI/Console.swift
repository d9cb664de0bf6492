// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleText
internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// Standard output for results, standard error for everything else.
struct Console {
    private let isQuiet: Bool
    private let verbosity: Int
    private let isColored: Bool
    /// Whether results may be coloured, for the commands that do.
    let colorsResults: Bool
    private let progress: Progress?

    init(_ color: ColorChoice, isQuiet: Bool, verbosity: Int) {
        (self.isQuiet, self.verbosity) = (isQuiet, verbosity)
        isColored = Console.isColored(color, STDERR_FILENO)
        colorsResults = Console.isColored(color, STDOUT_FILENO)
        progress = isQuiet ? nil : Progress.onTerminal()
    }

    private static func isColored(_ color: ColorChoice, _ file: Int32) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto:
            isatty(file) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty && !isDumb
        }
    }

    /// Whether the terminal knows no commands, such as those for colours.
    static var isDumb: Bool { ProcessInfo.processInfo.environment["TERM"] == "dumb" }

    /// How many characters fit a line of the terminal that results go to; nil where they go elsewhere.
    var resultWidth: Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        return size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// Does something that may take a while, and on a terminal says what, if it does.
    func during<Result: ~Copyable, Failure: Error>(
        _ work: String, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let progress else { return try body() }
        return try progress.show(work, during: body)
    }

    /// Writes a result. A reader that has gone away ends the process by SIGPIPE, as it does every filter.
    ///
    /// - Parameter done: what was done and stands where the result cannot be written, as in `the ruleset stands`.
    func result(_ bytes: [UInt8], after done: String? = nil) throws {
        do {
            try FileDescriptor.standardOutput.writeAll(bytes)
        } catch {
            let problem = WriteProblem(error)
            failure((done.map { "\($0), but " } ?? "") + "standard output cannot be written\(problem.reason)")
            throw problem.exitCode
        }
    }

    /// Writes a line of result; see ``result(_:after:)``.
    func result(_ line: String, after done: String? = nil) throws {
        try result([UInt8]((line + "\n").utf8), after: done)
    }

    /// Writes what a user is asked, also if they asked for quiet: who is not asked cannot answer.
    func ask(_ line: String) { error(line) }

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
        let shown = diagnostics.filter { $0.severity == .error || !isQuiet }
        writeError(DiagnosticPrinter(colored: isColored).text(of: shown))
    }

    private func error(_ line: String) { writeError(line.printable + "\n") }

    /// Where standard error is closed there is nobody to tell, and the exit code still says how it went.
    private func writeError(_ text: String) {
        let write = { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
        if let progress { progress.makeWay(for: write) } else { write() }
    }
}
