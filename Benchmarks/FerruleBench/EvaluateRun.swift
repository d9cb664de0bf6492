// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleRuleset

/// Packets to the services of a cluster, from pods and from outside, each followed through the ruleset by the evaluator.
struct EvaluateRun: Measurement {
    let model: SyntheticModel
    let packets: Int

    struct Costs: Codable {
        /// Processor time, in seconds.
        var seconds = 0.0
        /// How many outcomes all packets had together.
        var outcomes = 0
    }

    func measure() throws -> Costs {
        let options = try PipelineRun.options()
        let cluster = ClusterResolver.resolve(model.objects(), options: options.resolution).cluster
        let ruleset = RulesetCompiler.compile(cluster, options.compiler)
        let targets = cluster.services.flatMap(\.ports).compactMap { port in
            port.clusterIP.map { (Endpoint($0, port.port), port.protocol) }
        }
        guard let table = ruleset.tables.first, !targets.isEmpty, let pod = IPAddress("10.244.0.5"),
            let client = IPAddress("198.51.100.7")
        else { throw BenchError("there is nothing to ask") }
        let evaluator = Evaluator(table)
        let environment = PacketEnvironment()
        var outcomes = 0
        let (_, seconds) = processorSeconds {
            for number in 0..<packets {
                // Services in no order that memory is laid out in.
                let (target, transport) = targets[number &* 7919 % targets.count]
                let packet = Packet(from: number % 2 == 0 ? pod : client, to: target, transport)
                let evaluation = evaluator.evaluate(packet, enteringBy: .prerouting, environment)
                outcomes += evaluation.outcomes.count
            }
        }
        return Costs(seconds: seconds, outcomes: outcomes)
    }
}
