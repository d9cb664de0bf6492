// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FoundationEssentials

/// An answer over HTTP.
struct HTTPAnswer: Sendable, Equatable {
    var status = 200
    var type = "application/json"
    var headers: [String: String] = [:]
    var body: String

    static let notFound = HTTPAnswer(status: 404, type: "text/plain", body: "not found\n")
}

/// What an agent answers, as kube-proxy does (`pkg/proxy/healthcheck`).
struct HealthAnswers: Sendable {
    let state: AgentState

    /// On the address for health checks of the node: `/healthz` and `/livez`.
    func node(_ path: String) -> HTTPAnswer {
        let facts = state.current
        let isHealthy = facts.isHealthy(.now)
        switch path {
        case "/healthz":
            return answer(
                facts, isHealthy && facts.isNodeEligible, isHealthy: isHealthy, isEligible: facts.isNodeEligible)
        // An agent that waits for an API server is not to be restarted for it.
        case "/livez":
            let isAlive = facts.isAlive(.now)
            return answer(facts, isAlive, isHealthy: isAlive, isEligible: nil)
        default: return .notFound
        }
    }

    /// On the address for metrics.
    func metrics(_ path: String) -> HTTPAnswer {
        switch path {
        case "/metrics": HTTPAnswer(type: "text/plain; version=0.0.4; charset=utf-8", body: state.current.metrics.text)
        case "/proxyMode": HTTPAnswer(type: "text/plain", body: "nftables")
        case "/healthz": node(path)
        default: .notFound
        }
    }

    /// On a port for health checks of a service, at an address of a family, whatever the path.
    func service(_ port: FerruleNetwork.Port, _ family: IPFamily) -> HTTPAnswer {
        let facts = state.current
        guard let (key, check) = facts.healthChecks.first(where: { $0.value.port == port }),
            let count = check.localEndpoints[family]
        else { return .notFound }
        let isHealthy = facts.isHealthy(.now)
        let object = ServiceJSON(
            service: .init(namespace: key.namespace, name: key.name), localEndpoints: count,
            serviceProxyHealthy: isHealthy)
        return HTTPAnswer(
            status: count > 0 && isHealthy ? 200 : 503,
            headers: [
                "X-Content-Type-Options": "nosniff", "X-Load-Balancing-Endpoint-Weight": "\(count)",
            ],
            body: json(object))
    }

    private struct ServiceJSON: Encodable {
        struct Name: Encodable {
            let namespace: String
            let name: String
        }
        let service: Name
        let localEndpoints: Int
        let serviceProxyHealthy: Bool
    }

    private struct NodeJSON: Encodable {
        let lastUpdated: String
        let currentTime: String
        let nodeEligible: Bool?
        let healthy: Bool
        let status: [String: Family]

        struct Family: Encodable {
            let lastUpdated: String
            let healthy: Bool
        }
    }

    private func answer(_ facts: AgentState.Facts, _ isGood: Bool, isHealthy: Bool, isEligible: Bool?) -> HTTPAnswer {
        let now = Date().formatted(.iso8601)
        let last = (facts.lastUpdated ?? .distantPast).formatted(.iso8601)
        let family = NodeJSON.Family(lastUpdated: last, healthy: isHealthy)
        // kube-proxy's is the time of the question where all is well, since balancers take an old one for an agent that hangs.
        let object = NodeJSON(
            lastUpdated: isGood ? now : last, currentTime: now, nodeEligible: isEligible, healthy: isHealthy,
            status: ["IPv4": family, "IPv6": family])
        return HTTPAnswer(
            status: isGood ? 200 : 503, headers: ["X-Content-Type-Options": "nosniff"], body: json(object))
    }

    private func json(_ object: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Strings, numbers and truth values can always be written.
        return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
    }
}
