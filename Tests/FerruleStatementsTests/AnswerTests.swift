// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import FerruleTraffic
import Testing

@Suite("answers, way by way")
struct AnswerTests {
    private static func answer(
        _ source: String, _ destination: String, on node: String = "node-a", in shop: Shop? = nil
    ) throws -> TrafficAnswer {
        let shop = try shop ?? Shop.shared.get()
        return try shop.traffic(on: node).answer(from: TrafficSource(source), to: TrafficDestination(destination))
    }

    @Test(
        "what all packets meet and what those of each way meet are all steps, and no others",
        arguments: [
            ("pod shop/web-0", "service shop/web"), ("outside", "service shop/web"), ("outside", "nodeport 30080"),
            ("pod shop/web-0", "service shop/db"), ("pod shop/web-0", "service shop/none"), ("outside", "10.0.0.1:1"),
        ])
    func coversAllSteps(source: String, destination: String) throws {
        let answer = try Self.answer(source, destination)
        let own = answer.ownSteps(of: answer.outcomes)
        #expect(own.count == answer.outcomes.count)
        #expect(Set(answer.commonSteps + own.joined()) == Set(answer.steps))
        #expect(Set(answer.commonSteps).isDisjoint(with: own.joined()))
    }

    @Test("only the way of a pod to itself leads through the rule that masquerades it")
    func findsOwnSteps() throws {
        let answer = try Self.answer("pod shop/web-0", "service shop/web")
        let lengths = answer.ownSteps(of: answer.outcomes).map(\.count)
        #expect(answer.outcomes.map(\.isMasqueraded) == [true, false, false])
        #expect(lengths == [2, 1, 1])
        #expect(answer.commonSteps.map { "\($0.chain)" } == ["dispatch", "lb-3"])
    }

    @Test("where there is one endpoint, all packets go all of the way")
    func oneEndpoint() throws {
        let answer = try Self.answer("pod shop/web-2", "service shop/near", on: "node-b")
        #expect(answer.outcomes.count == 1 && answer.steps.count > 2)
        #expect(answer.commonSteps == answer.steps)
        #expect(answer.ownSteps(of: answer.outcomes) == [[]])
    }

    @Test("eight times as many endpoints take about eight times as long")
    func isLinear() throws {
        let times = try [400, 3200].map { count in
            let endpoints = (0..<count).map { "{addresses: [10.245.\($0 / 250).\($0 % 250 + 1)], nodeName: node-b}" }
            let shop = try Shop(
                more: [0, 1, 2, 3].map { part in
                    let own = endpoints[(count / 4 * part)..<(count / 4 * (part + 1))].joined(separator: ", ")
                    return """
                        ---
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: none-\(part), namespace: shop, labels: {kubernetes.io/service-name: none}}
                        addressType: IPv4
                        ports: [{port: 9}]
                        endpoints: [\(own)]

                        """
                }.joined())
            let traffic = shop.traffic(on: "node-a")
            let (source, destination) = (try TrafficSource("outside"), try TrafficDestination("service shop/none"))
            return try threadTime {
                let answer = try traffic.answer(from: source, to: destination)
                #expect(answer.outcomes.count == count)
            }
        }
        #expect(times[1] < 24 * times[0], "\(times)")
    }
}
