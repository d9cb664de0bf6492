// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset

extension SetDefinition {
    /// What a reader should know of sets named like this one; `nil` for names that are not in the list.
    var purpose: String? { sentence(for: name.description, in: setPurposes) }
}

extension Chain {
    /// What a reader should know of chains named like this one, or hooked in at its place.
    var purpose: String? {
        guard let hook else { return sentence(for: name.description, in: chainPurposes) }
        return switch hook.point {
        case .prerouting: "First packets that arrive from outside or from pods enter here."
        case .output: "First packets of processes on this node enter here."
        case .input, .postrouting:
            hook.priority == Hook.sourceNAT
                ? "Sources are masqueraded here, where the mark asks for it or a pod reaches itself."
                : "Translated connections pass here with their own source address, and session affinity is recorded."
        }
    }
}

/// The sentence of the longest prefix of a name.
private func sentence(for name: String, in purposes: [(prefix: String, sentence: String)]) -> String? {
    purposes.filter { name.hasPrefix($0.prefix) }.max { $0.prefix.utf8.count < $1.prefix.utf8.count }?.sentence
}

private let setPurposes = [
    (prefix: "services", sentence: "Every virtual address and port, and the chain that serves it."),
    ("nodeports", "Every node port, and the chain that serves it."),
    ("endpoints-", "endpoints-K: endpoint number K of each virtual address and port that has so many."),
    ("nodeport-endpoints-", "nodeport-endpoints-K: endpoint number K of each node port."),
    ("local-endpoints-", "local-endpoints-K: endpoint number K on this node, for traffic policy Local."),
    ("nodeport-local-endpoints-", "nodeport-local-endpoints-K: the same for node ports."),
    ("parts-", "parts-I: the address between two rules of part number I of each very large service."),
    ("local-parts-", "local-parts-I: the same of the endpoints on this node."),
    ("nodeport-parts-", "nodeport-parts-I: the same for node ports."),
    ("nodeport-local-parts-", "nodeport-local-parts-I: the same for node ports and the endpoints on this node."),
    ("source-ranges", "Who may use a load balancer address (loadBalancerSourceRanges)."),
    ("cluster-ips", "The cluster IPs in use."),
    ("service-cidrs", "The ranges that cluster IPs are taken from."),
    ("pod-cidrs", "Pod addresses; other sources are masqueraded on their way to a cluster IP."),
    ("nodeport-addresses", "The addresses of this node at which node ports are served."),
    ("hairpin", "The endpoints on this node, as source and destination of a pod that reaches itself."),
    ("affinity-", "affinity-SERVICE: which client stays with which endpoint; packets write it."),
    ("local-affinity-", "local-affinity-SERVICE: the same among the endpoints on this node."),
    ("affinity-recall", "Addresses whose clients stay with one endpoint, and where to look it up."),
    ("local-affinity-recall", "The same among the endpoints on this node."),
    ("affinity-services", "Addresses whose clients stay with one endpoint, and where to record it."),
]

private let chainPurposes = [
    (prefix: "slot-", sentence: "slot-K: translate to endpoint number K; if it is just going away, to number 0."),
    ("local-slot-", "local-slot-K: translate to endpoint number K on this node."),
    ("lb-", "lb-N: one of N endpoints, each equally likely."),
    ("local-", "local-N: one of N endpoints on this node, each equally likely."),
    ("part-", "part-I-N: part number I of a service, as if it were a service of N endpoints."),
    ("local-part-", "local-part-I-N: the same of the endpoints on this node."),
    ("sticky-", "sticky-CHAIN: the endpoint that the client is known to use; else on to CHAIN."),
    ("external-", "external-N: traffic for an external address, marked to be masqueraded."),
    ("external-local-", "external-local-N-L: pods and this node use all N endpoints, others the L of this node."),
    (
        "external-refuse",
        "An external address without endpoints that may be this node's: a node port answers, or nobody."
    ),
    ("firewall-", "firewall-CHAIN: only sources in source-ranges go on to CHAIN."),
    ("nodeport-", "nodeport-CHAIN: the same as CHAIN, for node ports."),
    ("recall-", "recall-SERVICE: translate to the endpoint that the client has used before."),
    ("local-recall-", "local-recall-SERVICE: the same among the endpoints on this node."),
    ("remember", "Record which endpoint the client has been given."),
    ("local-remember-", "local-remember-SERVICE: the same among the endpoints on this node."),
    ("refuse", "A service without endpoints; the client learns it at once."),
    ("unserved", "Cluster IPs refuse ports that they do not serve; unused cluster IPs answer nothing."),
    ("record", "Holds no rules; beside it the kernel keeps when and by which version they were applied."),
    ("dispatch", "Find the service that a packet is for."),
]
