// SPDX-License-Identifier: Apache-2.0

/// Manifests for the tables, written with IPv4 addresses.
enum Manifests {
    /// Objects in one input.
    static func objects(_ manifests: String...) -> String { manifests.joined(separator: "---\n") }

    /// A Service. Ports are `NAME PORT/PROTOCOL` with an optional node port, `http 80/TCP 30080`.
    static func service(
        _ name: String, _ clusterIP: String, _ ports: String..., spec: String = "", ingress: String = ""
    ) -> String {
        let type = ports.contains { $0.split(separator: " ").count > 2 } ? "NodePort" : "ClusterIP"
        let lines = ports.map { port in
            let words = port.split(separator: " ")
            let number = words[1].split(separator: "/")
            let nodePort = words.count > 2 ? ", nodePort: \(words[2])" : ""
            return "    - { name: \(words[0]), port: \(number[0]), protocol: \(number[1])\(nodePort) }\n"
        }
        let balancer = ingress.isEmpty ? "" : "status: { loadBalancer: { ingress: [\(ingress)] } }\n"
        return """
            apiVersion: v1
            kind: Service
            metadata: { name: \(name), namespace: test }
            spec:
              type: \(ingress.isEmpty ? type : "LoadBalancer")
              clusterIP: "\(clusterIP)"
              ports:
            \(lines.joined())\(spec.isEmpty ? "" : "  \(spec)\n")\(balancer)
            """
    }

    /// An EndpointSlice. Endpoints are an address, a node (`-` for none) and words for conditions, `10.244.0.6 node-a`
    /// or `10.244.1.6 node-b unready serving terminating`; ports are `NAME PORT/PROTOCOL`.
    static func slice(_ service: String, _ endpoints: [String], _ ports: String..., suffix: String = "1") -> String {
        let endpointLines = endpoints.map { endpoint in
            let words = endpoint.split(separator: " ")
            let node = words.count > 1 && words[1] != "-" ? ", nodeName: \(words[1])" : ""
            let conditions = [
                "ready: \(!words.contains("unready"))", "serving: \(!words.contains("unserving"))",
                "terminating: \(words.contains("terminating"))",
            ]
            return
                "  - { addresses: [\"\(words[0])\"], conditions: { \(conditions.joined(separator: ", ")) }\(node) }\n"
        }
        let portLines = ports.map { port in
            let words = port.split(separator: " ")
            let number = words[1].split(separator: "/")
            return "  - { name: \(words[0]), port: \(number[0]), protocol: \(number[1]) }\n"
        }
        return """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: \(service)-\(suffix)
              namespace: test
              labels: { kubernetes.io/service-name: \(service) }
            addressType: IPv4
            endpoints:\(endpoints.isEmpty ? " []" : "")
            \(endpointLines.joined())ports:
            \(portLines.joined())
            """
    }

    /// A running Pod with label `app`; ports are `NAME PORT/PROTOCOL`.
    static func pod(_ name: String, _ app: String, _ address: String, isReady: Bool = true, _ ports: String...)
        -> String
    {
        let portLines = ports.map { port in
            let words = port.split(separator: " ")
            let number = words[1].split(separator: "/")
            return "{ name: \(words[0]), containerPort: \(number[0]), protocol: \(number[1]) }"
        }
        return """
            apiVersion: v1
            kind: Pod
            metadata: { name: \(name), namespace: test, labels: { app: \(app) } }
            spec:
              nodeName: \(address.hasPrefix("10.244.0.") ? "node-a" : "node-b")
              containers: [{ name: main, image: none, ports: [\(portLines.joined(separator: ", "))] }]
            status:
              phase: Running
              podIP: "\(address)"
              podIPs: [{ ip: "\(address)" }]
              conditions: [{ type: Ready, status: "\(isReady ? "True" : "False")" }]

            """
    }
}
