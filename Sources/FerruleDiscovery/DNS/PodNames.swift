// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork

/// The names of pods by their addresses, `10-244-1-7.shop.pod`: of those that there are, as CoreDNS answers with
/// `pods verified`. With `pods insecure` it answers the same, and makes up any other.
struct PodNames {
    private(set) var records: [DNSRecord] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter domain: the cluster's, without the dot at the end.
    init(_ pods: [Pod], domain: String) {
        var addresses: [String: Set<IPAddress>] = [:]
        for pod in pods where pod.isNamed {
            // By the primary address alone.
            guard let address = pod.podIPs.first.flatMap({ IPAddress($0) }) else { continue }
            if let problem = DNSName.problem("\(Self.name(address, pod.meta.namespace)).\(domain)") {
                diagnostics.append(
                    Diagnostic(
                        .warning, "the name of its address \(address) \(problem): it is left out",
                        object: "Pod \(pod.meta.displayName)", origin: pod.meta.origin))
            } else {
                addresses[pod.meta.namespace, default: []].insert(address)
            }
        }
        records = addresses.sorted { $0.key < $1.key }.flatMap { namespace, addresses in
            addresses.sorted().map { DNSRecord(Self.name($0, namespace), .address($0)) }
        }
    }

    private static func name(_ address: IPAddress, _ namespace: String) -> String {
        "\(address.dashed).\(namespace).pod"
    }
}

extension Pod {
    /// Whether CoreDNS knows it: it has not ended, and is not about to.
    fileprivate var isNamed: Bool { !hasEnded && phase != "Unknown" && !meta.isBeingDeleted }
}
