// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork

/// Says where a result depends on the node and the node is not known.
struct NodeWarnings {
    private let node: NodeView
    private let nodes: [Node]
    private let options: ResolutionOptions

    init(_ node: NodeView, _ nodes: [Node], _ options: ResolutionOptions) {
        (self.node, self.nodes, self.options) = (node, nodes, options)
    }

    func diagnostics(of cluster: ResolvedCluster) -> [Diagnostic] {
        localPolicies(cluster) + nodePorts(cluster) + affinityOfNodePorts(cluster)
    }

    /// The policy Local asks which endpoints are on this node.
    private func localPolicies(_ cluster: ResolvedCluster) -> [Diagnostic] {
        guard node.name == nil else { return [] }
        let depending = cluster.services.indices.filter { index in
            cluster.services[index].ports.indices.contains {
                ResolvedPort.dependsOnLocalEndpoints(cluster.services[index].ports[$0])
            }
        }
        guard let first = depending.first.map({ cluster.services[$0].key }) else { return [] }
        let services = depending.count
        let subject =
            "\(first)" + (services > 1 ? " and \(services - 1) more" : "")
            + (services > 1 ? " have" : " has") + " traffic policy Local"
        return [
            Diagnostic(
                .warning, "\(subject), but no node is named: no endpoint counts as local", hint: "pass --node-name")
        ]
    }

    private func nodePorts(_ cluster: ResolvedCluster) -> [Diagnostic] {
        IPFamily.allCases.filter { family in
            node.primaryAddress(family) == nil && options.nodePortAddresses.isEmpty
                && cluster.services.indices.contains { index in
                    cluster.services[index].ports.indices.contains {
                        cluster.services[index].ports[$0].family == family
                            && cluster.services[index].ports[$0].nodePort != nil
                    }
                }
        }.map { family in
            Diagnostic(
                .warning,
                "the node's \(family.rawValue) address is not known: node ports are served on every local address "
                    + "but loopback",
                hint: addressHint(or: "--nodeport-addresses"))
        }
    }

    /// In nftables a connection to a node port is remembered by the address that it went to, and so only where that can be named.
    private func affinityOfNodePorts(_ cluster: ResolvedCluster) -> [Diagnostic] {
        IPFamily.allCases.compactMap { family in
            guard !node.allAddresses.contains(where: { $0.family == family && !$0.isLoopback }) else { return nil }
            let concerned = cluster.services.filter { service in
                service.ports.contains { $0.family == family && $0.nodePort != nil && $0.affinitySeconds != nil }
            }
            guard let first = concerned.first?.key else { return nil }
            let services = "\(first)" + (concerned.count > 1 ? " and \(concerned.count - 1) more" : "")
            return Diagnostic(
                .warning,
                "no \(family.rawValue) address of the node is known: with nftables, clients of the node ports of "
                    + "\(services) do not keep their endpoint",
                hint: addressHint())
        }
    }

    /// What makes the node's addresses known.
    ///
    /// - Parameter other: another option that helps.
    private func addressHint(or other: String? = nil) -> String {
        guard let name = node.name else {
            return "pass --node-name with a Node object in the input"
                + (other.map { ", --node-ip, or \($0)" } ?? " or --node-ip")
        }
        let isKnown = nodes.contains { $0.meta.name == name }
        return "pass --node-ip" + (other.map { " or \($0)" } ?? "") + ": the input "
            + (isKnown ? "says no such address of Node \(name)" : "has no Node \(name)")
    }
}

extension ResolvedPort {
    /// Whether a policy of the service asks for endpoints on this node. A port is a large value: this borrows it.
    fileprivate static func dependsOnLocalEndpoints(_ port: borrowing ResolvedPort) -> Bool {
        guard port.internalPolicy != .local else { return true }
        return port.externalPolicy == .local
            && (port.nodePort != nil || !port.externalIPs.isEmpty || !port.balancerIPs.isEmpty)
    }
}
