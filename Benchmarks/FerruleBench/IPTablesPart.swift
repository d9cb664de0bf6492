// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleIPTables
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import Foundation
import IPTablesWalk

/// The services of the large cluster as rules of iptables, beside the layout that kube-proxy gives them there: loading,
/// new connections, and how many rules a packet meets.
struct IPTablesPart: MeasuredPart {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func run() throws -> Section {
        let all = try PeerRuleset.read(bench).services
        // By the nft variant kube-proxy's layout of all of them takes many minutes to load.
        let sides = bench.isSmoke ? [("nft", 50), ("legacy", 100)] : [("nft", 1_000), ("legacy", all.count)]
        var table = TextTable(["iptables", "Ferrule", "kube-proxy's layout"])
        var limits: [Limit] = []
        for (variant, count) in sides {
            let services = Array(all.prefix(count))
            let options = try PipelineRun.options()
            let cluster = ClusterResolver.resolve(PeerRuleset.objects(services), options: options.resolution).cluster
            let (own, compileTime) = seconds {
                IPTablesCompiler.compile(cluster, .ipv4, IPTablesOptions(mark: options.compiler.mark))
            }
            let peer = PeerIPTables(services, mark: options.compiler.mark)
            let (ownPath, peerPath) = (bench.path("own.iptables"), bench.path("peer.iptables"))
            let (text, renderTime) = seconds { RestoreText.render(own, Summary()) }
            try Data(text).write(to: URL(filePath: ownPath))
            try Data(peer.text.utf8).write(to: URL(filePath: peerPath))
            let costs = try bench.measure(
                IPTablesRun(
                    variant: variant, ownPath: ownPath, peerPath: peerPath,
                    services: services.map { IPTablesRun.Target(address: $0.clusterIP, port: $0.port) },
                    bursts: bench.isSmoke ? 4 : 20, packetsPerBurst: bench.isSmoke ? 50 : 200))
            let ways = (own: ways(own.tables.first { $0.name == .nat }, services), peer: ways(peer.table, services))
            let (ownTime, peerTime) = (lowerQuartile(costs.own), lowerQuartile(costs.peer))
            let name = "\(variant), \(count) services"
            table.add(["\(name): load, ms", milliseconds(costs.ownLoad), milliseconds(costs.peerLoad)])
            table.add(["ns a first packet", String(Int(ownTime)), String(Int(peerTime))])
            table.add(["rules that it meets, mean", decimal(ways.own.mean), decimal(ways.peer.mean)])
            table.add(["rules that it meets, most", String(ways.own.most), String(ways.peer.most)])
            table.add(["rules in all", String(own.ruleCount), String(peer.ruleCount)])
            table.add(["compile, ms", milliseconds(compileTime), ""])
            table.add(["render, ms", milliseconds(renderTime), ""])
            limits += [
                Limit(
                    "iptables \(name): load, Ferrule / kube-proxy's layout", costs.ownLoad / costs.peerLoad, "x",
                    .atMost(1)),
                Limit(
                    "iptables \(name): new connection, Ferrule / kube-proxy's layout", ownTime / peerTime, "x",
                    .atMost(variant == "nft" ? 1 : 0.5)),
                Limit("iptables \(name): rules that a packet meets, most", Double(ways.own.most), "", .atMost(85)),
            ]
        }
        return Section(details: table.text, limits: limits)
    }

    /// How many rules of the nat table the packets of a pod meet before they are translated, over all services.
    private func ways(_ table: IPTablesTable?, _ services: [PeerRuleset.Service]) -> (mean: Double, most: Int) {
        guard let table else { return (0, 0) }
        let chains = Dictionary(table.chains.map { ($0.name, $0.rules) }) { first, _ in first }
        var (sum, most, count) = (0.0, 0, 0)
        // Where rules stand one after the other it takes long to follow a packet past all of them.
        for service in services.indices.lazy.filter({ $0 % 7 == 0 }).map({ services[$0] }) {
            guard let source = IPAddress("10.247.0.1"), let address = IPAddress(service.clusterIP),
                let port = UInt16(exactly: service.port)
            else { continue }
            let walk = IPTablesWalk(
                IPTablesWalk.Packet(from: source, to: address, port), chains, table.jumps["PREROUTING"])
            (sum, most, count) = (sum + walk.meanRules, max(most, walk.mostRules), count + 1)
        }
        return (sum / Double(max(count, 1)), most)
    }
}

extension IPTablesRuleset {
    fileprivate var ruleCount: Int { tables.reduce(0) { $0 + $1.chains.reduce(0) { $0 + $1.rules.count } } }
}
