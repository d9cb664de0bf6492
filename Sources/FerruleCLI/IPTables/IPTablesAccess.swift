// SPDX-License-Identifier: Apache-2.0

internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleIPTables
internal import FerruleNode
internal import FerruleResolution

/// Runs the programs of iptables, and turns their errors into messages and exit codes.
struct IPTablesAccess {
    let console: Console

    /// - Parameter standing: what is known of the rules if the work fails; nil where it was only looked at them.
    func perform<Result>(
        _ standing: () -> String?, _ work: () throws(IPTablesError) -> Result
    ) throws -> Result {
        do throws(IPTablesError) {
            return try console.during("waiting for iptables") { () throws(IPTablesError) in try work() }
        } catch {
            if error == .interrupted {
                console.ask("interrupted" + (standing().map { ": \($0)" } ?? ""))
                Interruption.end()
            }
            console.failure(error.wording + (standing().map { "; \($0)" } ?? ""), hint: hint(error))
            if error.meansNotPermitted { throw Failure.notPermitted }
            throw error.meansUnsupported ? Failure.unsupported : Failure.refused
        }
    }

    private func hint(_ error: IPTablesError) -> String? {
        if error.meansNotPermitted { return "run as root, or with CAP_NET_ADMIN" }
        return switch error {
        case .noPrograms, .noProgram: "the package iptables has them"
        default: nil
        }
    }

    /// What stands by each variant that the machine has.
    func states() throws -> [IPTablesState] {
        try perform({ nil }) { () throws(IPTablesError) in try IPTablesState.all() }
    }

    /// The rules of both families; prints what iptables cannot do, and exits if nothing comes of it.
    func rulesets(_ output: Pipeline.Output) throws -> [IPTablesRuleset] {
        let diagnostics = IPTablesLimits.diagnostics(output.resolution.cluster)
        console.print(diagnostics)
        guard diagnostics.total(.error) == 0 else { throw Failure.invalidInput }
        return output.compiler.families.map {
            IPTablesCompiler.compile(output.resolution.cluster, $0, IPTablesOptions(output.compiler))
        }
    }
}
