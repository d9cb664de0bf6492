// SPDX-License-Identifier: Apache-2.0

package import FerruleIPTables
package import FerruleNetwork
package import FerruleRuleset
internal import FerruleText
internal import FoundationEssentials

/// The programs of iptables on this machine: those of one variant.
package struct IPTablesPrograms: Sendable, Equatable {
    package enum Variant: String, Sendable, CaseIterable {
        /// Makes rules of nf_tables of them.
        case nft
        /// Has a kernel interface of its own.
        case legacy
    }

    package let variant: Variant
    /// The folder that they are in.
    private let folder: String
    /// What stands between `iptables-` and `save`; empty where the programs of the variant have the plain names.
    private let infix: String

    private func path(_ family: IPFamily, _ verb: String) -> String {
        "\(folder)/\(family.iptables)-\(infix)\(verb)"
    }

    private func isThere(_ family: IPFamily) -> Bool { missing(family) == nil }

    /// The path of a program that is needed for a family, and not there.
    private func missing(_ family: IPFamily) -> String? {
        ["save", "restore"].map { path(family, $0) }.first { !FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Those of each variant that the machine has, in the order of the path.
    package static func find() throws(IPTablesError) -> [IPTablesPrograms] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        // Administration programs are not on everybody's path.
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/local/sbin"]
        var found: [IPTablesPrograms] = []
        for variant in Variant.allCases {
            let candidates = folders.map {
                IPTablesPrograms(variant: variant, folder: $0, infix: "\(variant.rawValue)-")
            }
            if let programs = candidates.first(where: { $0.isThere(.ipv4) }) { found.append(programs) }
        }
        if !found.isEmpty { return found }
        for folder in folders {
            let plain = IPTablesPrograms(variant: .legacy, folder: folder, infix: "")
            guard plain.isThere(.ipv4) else { continue }
            let call = try ProgramCall.run("\(folder)/iptables-restore", ["--version"])
            let variant: Variant = call.output.contains("nf_tables") ? .nft : .legacy
            return [IPTablesPrograms(variant: variant, folder: folder, infix: "")]
        }
        throw .noPrograms
    }

    /// Reads the tables of a family; nothing stands in one that the machine has no programs for.
    package func standing(_ family: IPFamily) throws(IPTablesError) -> StandingIPTables {
        guard isThere(family) else { return StandingIPTables("", family) }
        let path = path(family, "save")
        let call = try ProgramCall.run(path, [])
        guard call.hasSucceeded else { throw .failed(path, call.complaint) }
        // "# Table `nat' is incompatible, use 'nft' tool."
        for table in IPTablesTable.Name.allCases
        where call.output.contains("# Table `\(table.rawValue)' is incompatible") {
            throw .unreadableTable(table.rawValue)
        }
        return StandingIPTables(call.output, family)
    }

    /// Has iptables-restore and ip6tables-restore make changes, each table at once; with `isTest` only look at them. From then
    /// on SIGINT and SIGTERM are held (``Interruption``): a program that waits for its turn is ended with this one.
    ///
    /// - Parameter onSending: is told before anything is sent, of which one table may then stand without the other. If a
    ///   program lacks, nothing is.
    package func restore(
        _ changes: [IPFamily: IPTablesChange], isTest: Bool = false, onSending: () -> Void = {}
    ) throws(IPTablesError) {
        let families = IPFamily.allCases.filter { changes[$0]?.isEmpty == false }
        if let path = families.lazy.compactMap(missing).first { throw .noProgram(path) }
        if !isTest, !families.isEmpty {
            Interruption.hold()
            onSending()
        }
        for family in families {
            guard let change = changes[family] else { continue }
            let path = path(family, "restore")
            let call = try ProgramCall.run(
                path, ["--noflush", "--wait"] + (isTest ? ["--test"] : []), input: change.text)
            guard call.hasSucceeded else { throw .failed(path, call.complaint) }
        }
    }
}

/// What stands in the tables of one variant.
package struct IPTablesState: Sendable {
    package let programs: IPTablesPrograms
    package let families: [StandingIPTables]

    package var isEmpty: Bool { families.allSatisfy(\.isEmpty) }
    fileprivate var ruleCount: Int { families.reduce(0) { $0 + $1.ruleCount } }
    fileprivate var hasKubeletHint: Bool { families.contains(where: \.hasKubeletHint) }

    /// What the records of both families say; none where no record stands.
    package var provenances: [Provenance] {
        families.compactMap { standing in
            standing.record.flatMap { Provenance(record: $0, of: .ferrule(standing.family)) }
        }
    }

    package init(_ programs: IPTablesPrograms) throws(IPTablesError) {
        self.programs = programs
        var families: [StandingIPTables] = []
        for family in IPFamily.allCases { families.append(try programs.standing(family)) }
        self.families = families
    }

    /// What stands by each variant that the machine has and the kernel knows.
    package static func all() throws(IPTablesError) -> [IPTablesState] {
        var states: [IPTablesState] = []
        var failure: IPTablesError?
        for programs in try IPTablesPrograms.find() {
            do throws(IPTablesError) {
                states.append(try IPTablesState(programs))
            } catch {
                // The programs of one package do not mean that the kernel has both; but rules that cannot be read are there.
                if error.meansNotPermitted { throw error }
                guard case .failed = error else { throw error }
                failure = failure ?? error
            }
        }
        if states.isEmpty, let failure { throw failure }
        return states
    }

    /// The variant that the node uses, and how that is known: that which holds Ferrule's chains, else that of the kubelet's
    /// hint, else that with more rules, as the wrappers of the Kubernetes images choose; else nft.
    package static func inUse(of states: [IPTablesState]) throws(IPTablesError) -> (
        state: IPTablesState, reason: String
    ) {
        guard let first = states.first else { throw .noPrograms }
        guard states.count > 1 else { return (first, "the only one here") }
        if let state = states.first(where: { !$0.isEmpty }) { return (state, "Ferrule's chains stand there") }
        if let state = states.first(where: \.hasKubeletHint) { return (state, "the kubelet uses it") }
        let counts = states.map { "\(counted($0.ruleCount, "rule")) by \($0.programs.variant.rawValue)" }
        let most = states.dropFirst().reduce(first) { $1.ruleCount > $0.ruleCount ? $1 : $0 }
        return (most, counts.joined(separator: ", "))
    }
}
