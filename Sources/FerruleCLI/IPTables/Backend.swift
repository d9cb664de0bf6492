// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleIPTables
internal import FerruleResolution

/// By what rules services are served (`--backend`).
enum Backend: String, ExpressibleByArgument, CaseIterable {
    case nftables, iptables

    static let help: ArgumentHelp = "nftables, or iptables and ip6tables for nodes that have nothing else."

    /// Throws where the backend has no rules for the value of `--detect-local-mode`.
    func validate(_ mode: ResolutionOptions.DetectLocalMode?) throws {
        guard self == .iptables else { return }
        switch mode {
        case .bridgeInterface(let name), .interfaceNamePrefix(let name):
            if let problem = IPTablesLimits.problem(ofInterface: name) {
                throw ValidationError("--detect-local-mode: \(problem)")
            }
        case nil, .clusterCIDR, .nodeCIDR: break
        }
    }
}

extension IPTablesOptions {
    /// The same choices as for nftables.
    init(_ options: CompilerOptions) {
        self.init(mark: options.mark)
        masqueradeAll = options.masqueradeAll
    }
}
