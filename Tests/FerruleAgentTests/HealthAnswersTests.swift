// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleNetwork
import Foundation
import Testing

@testable import FerruleAgent

@Suite struct HealthAnswersTests {
    private func answers(_ change: (inout AgentState.Facts) -> Void) -> HealthAnswers {
        let state = AgentState()
        state.update(change)
        return HealthAnswers(state: state)
    }

    @Test(
        "a node is healthy once the kernel holds its services, as long as changes reach the kernel and it stays",
        arguments: [
            (false, nil, false, 503, 200), (true, nil, false, 200, 200), (true, 10, false, 200, 200),
            (true, 61, false, 503, 503), (true, nil, true, 503, 200),
        ] as [(Bool, Int?, Bool, Int, Int)])
    func node(isReady: Bool, waiting: Int?, isLeaving: Bool, health: Int, life: Int) {
        let answers = answers { facts in
            facts.lastUpdated = isReady ? Date() : nil
            facts.waitingSince = waiting.map { .now - .seconds($0) }
            facts.isNodeLeaving = isLeaving
        }
        #expect(answers.node("/healthz").status == health)
        #expect(answers.node("/livez").status == life)
        #expect(answers.node("/healthz").body.contains("\"nodeEligible\":\(!isLeaving)"))
        #expect(!answers.node("/livez").body.contains("nodeEligible"))
        #expect(answers.node("/livez").body.contains("\"healthy\":\(life == 200)"))
        #expect(answers.node("/other").status == 404)
    }

    @Test("a balancer is told of the endpoints on this node")
    func service() throws {
        let port = try #require(Port(32_000))
        for (count, status) in [(0, 503), (2, 200)] {
            let answers = answers { facts in
                facts.lastUpdated = Date()
                facts.healthChecks = [
                    ObjectKey("shop", "web"): .init(port: port, localEndpoints: [.ipv4: count, .ipv6: 0])
                ]
            }
            let answer = answers.service(port, .ipv4)
            #expect(answer.status == status)
            #expect(answer.headers["X-Load-Balancing-Endpoint-Weight"] == "\(count)")
            #expect(
                answer.body == """
                    {"localEndpoints":\(count),"service":{"name":"web","namespace":"shop"},"serviceProxyHealthy":true}

                    """)
            #expect(answers.service(port, .ipv6).status == 503)
            #expect(answers.service(try #require(Port(32_001)), .ipv4).status == 404)
        }
    }

    @Test("while the agent is not healthy no balancer is sent to a service, whatever endpoints it has")
    func unhealthyService() throws {
        let port = try #require(Port(32_000))
        for (isReady, waiting) in [(false, nil), (true, 61)] as [(Bool, Int?)] {
            let answers = answers { facts in
                facts.lastUpdated = isReady ? Date() : nil
                facts.waitingSince = waiting.map { .now - .seconds($0) }
                facts.healthChecks = [ObjectKey("shop", "web"): .init(port: port, localEndpoints: [.ipv4: 2])]
            }
            let answer = answers.service(port, .ipv4)
            #expect(answer.status == 503)
            #expect(answer.headers["X-Load-Balancing-Endpoint-Weight"] == "2")
            #expect(
                answer.body.contains(#""localEndpoints":2,"#) && answer.body.contains(#""serviceProxyHealthy":false"#))
        }
    }

    @Test("metrics are what Prometheus reads, under kube-proxy's names where they mean the same")
    func metrics() {
        let answers = answers { facts in
            facts.metrics.syncSeconds.add(0.003)
            facts.metrics.syncSeconds.add(100)
            facts.metrics.endpointChanges = 7
        }
        let text = answers.metrics("/metrics").body
        for line in [
            "kubeproxy_sync_proxy_rules_duration_seconds_bucket{le=\"0.002\"} 0",
            "kubeproxy_sync_proxy_rules_duration_seconds_bucket{le=\"0.005\"} 1",
            "kubeproxy_sync_proxy_rules_duration_seconds_bucket{le=\"+Inf\"} 2",
            "kubeproxy_sync_proxy_rules_duration_seconds_count 2",
            "kubeproxy_sync_proxy_rules_endpoint_changes_total 7",
            "# TYPE ferrule_repairs_total counter",
            "kubeproxy_sync_proxy_rules_no_local_endpoints_total{traffic_policy=\"external\",ip_family=\"IPv6\"} 0",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        #expect(answers.metrics("/proxyMode").body == "nftables")
    }
}
