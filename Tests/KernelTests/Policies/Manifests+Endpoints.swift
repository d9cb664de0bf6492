// SPDX-License-Identifier: Apache-2.0

/// An endpoint of a slice as the API has it, where what is left out matters.
struct SliceEndpoint: ExpressibleByStringLiteral {
    let address: String
    let node: String?
    private var fields: [String] = []

    /// `10.244.0.6 node-a`, or without a node.
    init(stringLiteral text: String) { self.init(text) }

    init(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        address = words[0]
        node = words.count > 1 ? words[1] : nil
    }

    /// `ready: false, terminating: true`; absent conditions stay absent.
    func conditions(_ conditions: String) -> SliceEndpoint { with("conditions: { \(conditions) }") }

    /// The zones and nodes that the endpoint is meant for.
    func hints(zones: [String] = [], nodes: [String] = []) -> SliceEndpoint {
        func list(_ names: [String]) -> String { names.map { "{ name: \($0) }" }.joined(separator: ", ") }
        let parts = [("forZones", zones), ("forNodes", nodes)].filter { !$0.1.isEmpty }
        return with("hints: { \(parts.map { "\($0): [\(list($1))]" }.joined(separator: ", ")) }")
    }

    private func with(_ field: String) -> SliceEndpoint {
        var copy = self
        copy.fields.append(field)
        return copy
    }

    fileprivate var line: String {
        let parts = ["addresses: [\"\(address)\"]"] + (node.map { ["nodeName: \($0)"] } ?? []) + fields
        return "- { \(parts.joined(separator: ", ")) }\n"
    }
}

extension Manifests {
    /// An EndpointSlice of the ports `tcp`, `udp` and `sctp`, all 8080, with perhaps a label more.
    static func endpoints(
        of service: String, _ endpoints: [SliceEndpoint], label: String = "", suffix: String = "1"
    ) -> String {
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: \(service)-\(suffix)
          namespace: test
          labels: { kubernetes.io/service-name: \(service)\(label.isEmpty ? "" : ", \(label)") }
        addressType: IPv4
        ports: [{ name: tcp, port: 8080, protocol: TCP }, { name: udp, port: 8080, protocol: UDP },
                { name: sctp, port: 8080, protocol: SCTP }]
        endpoints:\(endpoints.isEmpty ? " []" : "")
        \(endpoints.map(\.line).joined())
        """
    }

    /// A service of number `number` with every kind of address, on three transports: ClusterIP `10.96.0.N`, balancer address
    /// `203.0.113.1N`, external IP `203.0.113.2N`, node port `301N`; N has two digits.
    static func everywhere(_ name: String, _ number: Int, spec: [String] = []) -> String {
        service(
            name, "10.96.0.\(number)", "tcp 80/TCP 301\(number)", "udp 80/UDP 301\(number)",
            "sctp 80/SCTP 301\(number)",
            spec: (["externalIPs: [\"203.0.113.2\(number)\"]"] + spec).joined(separator: "\n  "),
            ingress: "{ ip: \"203.0.113.1\(number)\" }")
    }

    /// A Node without addresses, so that those of the options count.
    static func node(_ name: String, zone: String? = nil, podCIDR: String? = nil) -> String {
        """
        apiVersion: v1
        kind: Node
        metadata:
          name: \(name)
          labels: { kubernetes.io/os: linux\(zone.map { ", topology.kubernetes.io/zone: \($0)" } ?? "") }
        spec: { \(podCIDR.map { "podCIDR: \"\($0)\", podCIDRs: [\"\($0)\"]" } ?? "") }

        """
    }
}
