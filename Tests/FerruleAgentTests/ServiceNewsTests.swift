// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleNetwork
import FerruleResolution
import Testing

@testable import FerruleAgent

@Suite struct ServiceNewsTests {
    private func service(_ endpoints: [String], port: String = "80") -> ResolvedService {
        var resolved = ResolvedPort(
            namespace: "shop", service: "web", name: "", family: .ipv4, protocol: .tcp,
            port: Port(Int(port) ?? 0) ?? .http, clusterIP: IPAddress("10.96.0.10"))
        resolved.endpoints.cluster = endpoints.compactMap { IPAddress($0) }.map { Endpoint($0, .http) }
        return ResolvedService(ObjectKey("shop", "web"), .virtual, ports: [resolved])
    }

    @Test(
        "a line for each kind of change",
        arguments: [
            (nil, ["10.0.0.1", "10.0.0.2"], "shop/web: new, 2 endpoints"), (["10.0.0.1"], nil, "shop/web: gone"),
            (["10.0.0.1", "10.0.0.2"], ["10.0.0.2"], "shop/web: endpoint 10.0.0.1:8080 gone, 1 left"),
            (["10.0.0.1"], ["10.0.0.1", "10.0.0.3"], "shop/web: endpoint 10.0.0.3:8080 new, 2 now"),
            (
                ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"], ["10.0.0.9"],
                "shop/web: endpoint 10.0.0.9:8080 new, 4 endpoints gone, 1 left"
            ),
        ] as [([String]?, [String]?, String)])
    func lines(old: [String]?, new: [String]?, line: String) {
        let news = ServiceNews(ObjectKey("shop", "web"), old.map { service($0) }, new.map { service($0) })
        #expect(news?.text == line)
    }

    @Test("nothing is said of what stays, and of another port that it has changed")
    func others() {
        let key = ObjectKey("shop", "web")
        #expect(ServiceNews(key, service(["10.0.0.1"]), service(["10.0.0.1"])) == nil)
        let changed = ServiceNews(key, service(["10.0.0.1"]), service(["10.0.0.1"], port: "81"))
        #expect(changed?.text == "shop/web: changed")
    }
}

extension Port {
    fileprivate static let http: Port = {
        guard let port = Port(8080) else { preconditionFailure("8080 is a port") }
        return port
    }()
}
