// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleRuleset

/// `ferrule delete`: removes Ferrule's tables.
struct DeleteCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove Ferrule's tables from the kernel, and nothing else.",
        discussion: manual.discussion)

    static let manual = Manual(
        description: """
            New connections find no service. Established ones go on only where another program has NAT rules too: without \
            any the kernel stops translating. Needs CAP_NET_ADMIN.

            With --backend iptables it removes Ferrule's chains and the jumps to them, by both variants of iptables.
            """,
        examples: ["ferrule delete", "ferrule delete --backend iptables"],
        exitCodes: Failure.sorted(Failure.ofKernel, Failure.always),
        files: [Manual.File.ofConfirmation])

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(help: Backend.help)
        var backend = Backend.nftables
    }

    @OptionGroup(title: "Delete options") var options: Options
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let console = global.console
        try console.locked(options.backend == .iptables ? .alone : .shared) { try delete(console) }
    }

    private func delete(_ console: Console) throws {
        let lock = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace().lockForApply()
        }
        defer { extendLifetime(lock) }
        let both = BothBackends(console: console)
        guard options.backend == .nftables else {
            let all = try IPTablesAccess(console: console).states()
            let states = all.filter { !$0.isEmpty }
            try both.remove(all)
            both.noteOther(than: .iptables, "delete", does: "removes")
            let variants = states.map(\.programs.variant.rawValue).joined(separator: " and ")
            return try report(states.isEmpty ? nil : "Ferrule's chains of iptables (\(variants))", console)
        }
        let tables = IPFamily.allCases.map(TableName.ferrule)
        let found = try KernelAccess(console: console).perform(.before) { kernel throws(NetlinkError) in
            let found = try kernel.standing(among: tables)
            try kernel.apply(.deleting(found))
            return found
        }
        if !found.isEmpty { console.warnOfAgent() }
        both.noteOther(than: .nftables, "delete", does: "removes")
        try report(found.isEmpty ? nil : found.map { "table \($0)" }.joined(separator: " and "), console)
    }

    /// Says what was deleted; nil: nothing.
    private func report(_ deleted: String?, _ console: Console) throws {
        guard let deleted else { return try console.result("nothing to delete") }
        try console.result("deleted \(deleted)", after: "\(deleted) deleted")
    }
}
