// SPDX-License-Identifier: Apache-2.0

internal import FerruleAgent
internal import FerruleDiagnostics
internal import FerruleIPTables
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleRuleset
internal import FoundationEssentials

/// That packets would meet the rules of two backends: whichever translates first would win.
struct BothBackends {
    let console: Console

    /// The tables that Ferrule has in nf_tables; none where the kernel has no nf_tables.
    func nftables() throws -> [TableName] {
        do throws(NetlinkError) {
            return try tables(Kernel())
        } catch {
            switch error {
            case .unsupported, .refused, .systemCall: return []
            default: throw KernelAccess(console: console).report(error, .before)
            }
        }
    }

    private func tables(_ kernel: Kernel) throws(NetlinkError) -> [TableName] {
        try kernel.standing(among: IPFamily.allCases.map(TableName.ferrule))
    }

    /// Says that rules of the other backend stand, which a command of this one does not see. Where that cannot be known, it
    /// says nothing: the command does not need it.
    ///
    /// - Parameters:
    ///   - backend: that of the command.
    ///   - command: its name.
    ///   - does: what that command of the other backend does with them, `removes`.
    func noteOther(than backend: Backend, _ command: String, does: String) {
        switch backend {
        case .nftables:
            guard let state = try? chains(Kernel()).first else { return }
            console.note(
                "\(standing(state)), which `ferrule \(command) --backend iptables` \(does)")
        case .iptables:
            guard let tables = try? tables(Kernel()), !tables.isEmpty else { return }
            console.note("Ferrule's \(tables.words) \(verb(tables)) here, which `ferrule \(command)` \(does)")
        }
    }

    /// Says that chains of iptables stand, which a command does not see that reads what packets meet: it knows nftables alone.
    func noteUnread() {
        guard let state = try? chains(Kernel()).first else { return }
        console.note("\(standing(state)), which this command does not read")
    }

    private func standing(_ state: IPTablesState) -> String {
        "Ferrule's chains of iptables stand here (\(state.programs.variant.rawValue))"
    }

    private func verb(_ tables: [TableName]) -> String { tables.count == 1 ? "stands" : "stand" }

    /// Of chains that stay because rules of others lead to them.
    static func warnings(of changes: [IPFamily: IPTablesChange]) -> [Diagnostic] {
        IPFamily.allCases.flatMap { family in
            (changes[family]?.tables ?? []).flatMap(\.keptBy).map { jump in
                Diagnostic(
                    .warning,
                    "\(family.iptables): \(jump.table.rawValue) \(jump.chain) jumps to "
                        + "\(jump.target): that chain stays, empty",
                    hint: "without that rule the next apply or delete removes it")
            }
        }
    }

    /// Refuses to go on where tables stand that are not to be replaced.
    func refuse(_ tables: [TableName]) throws {
        guard !tables.isEmpty else { return }
        console.failure(
            "Ferrule's \(tables.words) \(verb(tables)) here, and packets would meet the rules of both; nothing was changed",
            hint: "--replace removes them once the rules of iptables stand; or `ferrule delete` first")
        throw Failure.refused
    }

    /// Refuses to go on where an agent would put tables back that are removed.
    func refuseBesideAgent() throws {
        guard AgentLock.isHeld else { return }
        console.failure(
            "`ferrule run` works here, and packets would meet the rules of both backends; nothing was changed",
            hint: "stop it first")
        throw Failure.refused
    }

    /// The variants by which Ferrule has chains of iptables. Programs are only run where there are tables to look into.
    func iptables() throws -> [IPTablesState] {
        try KernelAccess(console: console).perform(.asked) { kernel throws(NetlinkError) in try chains(kernel) }
    }

    private func chains(_ kernel: Kernel) throws(NetlinkError) -> [IPTablesState] {
        let names = ["ip", "ip6"].map { "/proc/net/\($0)_tables_names" }
        let hasLegacy = names.contains { path in
            ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").contains("nat")
        }
        let nat = try kernel.standing(among: IPFamily.allCases.map { TableName($0, "nat") })
        guard hasLegacy || !nat.isEmpty else { return [] }
        do throws(IPTablesError) {
            return try IPTablesState.all().filter { !$0.isEmpty }
        } catch {
            // Without the programs nobody can have used them here.
            console.detail("whether Ferrule has rules of iptables is not known: \(error.wording)")
            return []
        }
    }

    /// Refuses to go on where chains stand that are not to be replaced.
    ///
    /// - Parameter replaces: whether the command can replace them.
    func refuse(_ states: [IPTablesState], replaces: Bool = true) throws {
        guard let state = states.first else { return }
        console.failure(
            "\(standing(state)), and packets would meet the rules of both; nothing was changed",
            hint: (replaces ? "--replace removes them once the nftables tables stand; or " : "")
                + "run `ferrule delete --backend iptables` first")
        throw Failure.refused
    }

    /// Removes chains and jumps of all variants, and warns of chains that stay.
    ///
    /// - Returns: the warnings.
    @discardableResult
    func remove(_ states: [IPTablesState]) throws -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        let nothing = IPFamily.allCases.map { family in
            IPTablesRuleset(family, tables: IPTablesTable.Name.allCases.map { IPTablesTable($0) })
        }
        for state in states {
            let changes = Dictionary(
                uniqueKeysWithValues: zip(state.families, nothing).map { standing, wanted in
                    (wanted.family, IPTablesChange(from: standing, to: wanted))
                })
            let kept = Self.warnings(of: changes)
            console.print(kept)
            warnings += kept
            try IPTablesAccess(console: console).perform({ "some of Ferrule's chains may stand" }) {
                () throws(IPTablesError) in try state.programs.restore(changes)
            }
        }
        return warnings
    }
}
