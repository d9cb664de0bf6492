// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleIPTables

/// By what rules services are served (`--backend`).
enum Backend: String, ExpressibleByArgument, CaseIterable {
    case nftables, iptables

    static let help: ArgumentHelp = "nftables, or iptables and ip6tables for nodes that have nothing else."
}

extension IPTablesOptions {
    /// The same choices as for nftables.
    init(_ options: CompilerOptions) {
        self.init(mark: options.mark)
        masqueradeAll = options.masqueradeAll
    }
}
