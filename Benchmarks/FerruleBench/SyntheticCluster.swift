// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A made-up cluster of equal services, as the JSON that `kubectl get -o json` would print.
struct SyntheticCluster {
    let services: Int
    /// Of each service.
    let endpoints: Int

    func write(to path: String) throws {
        let items = (0..<services).flatMap { [service($0), slice($0)] }
        let list = #"{"apiVersion": "v1", "kind": "List", "items": ["# + items.joined(separator: ",\n") + "]}\n"
        try Data(list.utf8).write(to: URL(filePath: path))
    }

    private func service(_ index: Int) -> String {
        let clusterIP = "10.96.\(1 + index / 250).\(1 + index % 250)"
        return """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "svc-\(index)", "namespace": "bench"}, \
            "spec": {"clusterIP": "\(clusterIP)", "clusterIPs": ["\(clusterIP)"], "ipFamilies": ["IPv4"], \
            "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}], "type": "ClusterIP"}}
            """
    }

    private func slice(_ index: Int) -> String {
        let addresses = (0..<endpoints).map { number in
            let pod = index * endpoints + number
            return #"{"addresses": ["10.\#(128 + pod / 62500).\#(pod / 250 % 250).\#(1 + pod % 250)"], "#
                + #""conditions": {"ready": true, "serving": true, "terminating": false}}"#
        }
        return """
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4", \
            "metadata": {"name": "svc-\(index)-1", "namespace": "bench", \
            "labels": {"kubernetes.io/service-name": "svc-\(index)"}}, \
            "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}], \
            "endpoints": [\(addresses.joined(separator: ", "))]}
            """
    }
}
