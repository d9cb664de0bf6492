// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset

extension SetPurpose {
    /// What a reader should know of such sets.
    var sentence: String? {
        switch self {
        case .services: "Every virtual address and port, and the chain that serves it."
        case .nodePorts: "Every node port, and the chain that serves it."
        case .clusterIPs: "The cluster IPs in use."
        case .serviceCIDRs: "The ranges that cluster IPs are taken from."
        case .podCIDRs: "Pod addresses; other sources are masqueraded on their way to a cluster IP."
        case .nodePortAddresses: "The addresses of this node at which node ports are served."
        case .hairpin: "The endpoints on this node, as source and destination of a pod that reaches itself."
        case .sourceRanges: "Who may use a load balancer address (loadBalancerSourceRanges)."
        case .endpoints(let scope, _):
            switch (scope.isNodePort, scope.isLocal) {
            case (false, false): "endpoints-K: endpoint number K of each virtual address and port that has so many."
            case (true, false): "nodeport-endpoints-K: endpoint number K of each node port."
            case (false, true): "local-endpoints-K: endpoint number K on this node, for traffic policy Local."
            case (true, true): "nodeport-local-endpoints-K: the same for node ports."
            }
        case .parts(let scope, _):
            switch (scope.isNodePort, scope.isLocal) {
            case (false, false):
                "parts-I: the address between two rules of part number I of each very large service."
            case (true, false): "nodeport-parts-I: the same for node ports."
            case (false, true): "local-parts-I: the same of the endpoints on this node."
            case (true, true): "nodeport-local-parts-I: the same for node ports and the endpoints on this node."
            }
        case .affinity(let isLocal, _):
            isLocal
                ? "local-affinity-SERVICE: the same among the endpoints on this node."
                : "affinity-SERVICE: which client stays with which endpoint; packets write it."
        case .affinityRecall(let isLocal):
            isLocal
                ? "The same among the endpoints on this node."
                : "Addresses whose clients stay with one endpoint, and where to look it up."
        case .affinityServices: "Addresses whose clients stay with one endpoint, and where to remember it."
        case .foreign: nil
        }
    }
}

extension ChainPurpose {
    /// What a reader should know of such chains.
    var sentence: String? {
        switch self {
        case .prerouting: "First packets that arrive from outside or from pods enter here."
        case .output: "First packets of processes on this node enter here."
        case .postrouting: "Sources are masqueraded here, where the mark asks for it or a pod reaches itself."
        case .affinityInput, .affinityPostrouting:
            "Translated connections pass here with their own source address, and session affinity is remembered."
        case .dispatch: "Find the service that a packet is for."
        case .unserved: "Cluster IPs refuse ports that they do not serve; unused cluster IPs answer nothing."
        case .record: "Holds no rules; beside it the kernel keeps when and by which version they were applied."
        case .slot(let scope, _):
            scope.isNodePort
                ? nodePortSentence
                : scope.isLocal
                    ? "local-slot-K: translate to endpoint number K on this node."
                    : "slot-K: translate to endpoint number K; if it is just going away, to number 0."
        case .shape(let shape): shape.sentence
        case .recall(let isLocal, _):
            isLocal
                ? "local-recall-SERVICE: the same among the endpoints on this node."
                : "recall-SERVICE: translate to the endpoint that the client has used before."
        case .remember(isLocal: true, _): "local-remember-SERVICE: the same among the endpoints on this node."
        case .remember, .rememberAny: "Remember which endpoint the client has been given."
        case .rememberBoth, .foreign: nil
        }
    }
}

extension Shape {
    fileprivate var sentence: String? {
        switch self {
        case .balance(let scope, _):
            scope.isNodePort
                ? nodePortSentence
                : scope.isLocal
                    ? "local-N: one of N endpoints on this node, each equally likely."
                    : "lb-N: one of N endpoints, each equally likely."
        case .part(let scope, _, _):
            scope.isNodePort
                ? nodePortSentence
                : scope.isLocal
                    ? "local-part-I-N: the same of the endpoints on this node."
                    : "part-I-N: part number I of a service, as if it were a service of N endpoints."
        case .sticky(let scope, _): scope.isNodePort ? nodePortSentence : stickySentence
        case .external(let isNodePort, let isSticky, _):
            isNodePort
                ? nodePortSentence
                : isSticky ? stickySentence : "external-N: traffic for an external address, marked to be masqueraded."
        case .externalLocal(let isNodePort, let isSticky, _, _):
            isNodePort
                ? nodePortSentence
                : isSticky
                    ? stickySentence
                    : "external-local-N-L: pods and this node use all N endpoints, others the L of this node."
        case .firewall: "firewall-CHAIN: only sources in source-ranges go on to CHAIN."
        case .refuse: "A service without endpoints; the client learns it at once."
        case .refuseUnlessNodePort:
            "An external address without endpoints that may be this node's: a node port answers, or nobody."
        case .drop: nil
        }
    }
}

private let stickySentence = "sticky-CHAIN: the endpoint that the client is known to use; else on to CHAIN."

private let nodePortSentence = "nodeport-CHAIN: the same as CHAIN, for node ports."
