// SPDX-License-Identifier: Apache-2.0

/// A cold start of the large cluster against the kernel's own cost, and against nft's reading of kube-proxy's ruleset for the
/// same cluster; and what either leaves in the kernel's memory.
struct ColdPart: MeasuredPart {
    private let bench: Bench
    private var cold: [PipelineCosts] = []
    private var ownText: [TextLoad.Result] = []
    private var peerText: [TextLoad.Result] = []

    init(_ bench: Bench) { self.bench = bench }

    mutating func run() throws -> Section {
        let cluster = try bench.clusterFile()
        let peer = bench.path("kube-proxy.nft")
        let listed = try PeerRuleset.read(bench)
        try (bench.isSmoke ? listed.cut(to: 250) : listed).write(to: peer)
        let text = bench.path("ferrule.nft")
        for run in 0..<bench.runs {
            cold.append(try bench.measure(PipelineRun(input: .file(cluster), textPath: text)))
            if run < 3 { ownText.append(try bench.measure(TextLoad(path: text))) }
            if run < 2 { peerText.append(try bench.measure(TextLoad(path: peer))) }
        }
        return Section(details: details, limits: limits)
    }

    private var details: String {
        var table = TextTable(["into an empty kernel", "median ms", "kernel MB"])
        func add(_ name: String, _ loads: [TextLoad.Result]) {
            let memory = median(loads.map { Double($0.kernelBytes) })
            table.add([name, milliseconds(median(loads.map(\.seconds))), decimal(memory / 1e6)])
        }
        func add(_ name: String, _ value: KeyPath<PipelineCosts, Double>) {
            table.add([name, milliseconds(median(cold.map { $0[keyPath: value] })), ""])
        }
        add("resolve", \.resolve)
        add("compile", \.compile)
        add("encode", \.encode)
        table.add([
            "commit", milliseconds(median(cold.map(\.commit))),
            decimal(median(cold.map { Double($0.kernelBytes) }) / 1e6),
        ])
        add("the same bytes again", \.replay)
        add("nft -f of Ferrule's text", ownText)
        add("nft -f of kube-proxy's text", peerText)
        return table.text
    }

    private var limits: [Limit] {
        let endpoints = Double(max(cold.first?.endpoints ?? 0, 1))
        let own = median(cold.map { Double($0.kernelBytes) })
        let peer = median(peerText.map { Double($0.kernelBytes) })
        let peerTime = median(peerText.map(\.seconds))
        return [
            Limit("compile to commit / same bytes again", median(cold.map { $0.cold / $0.replay }), "x", .atMost(1.5)),
            Limit("resolve to commit / same bytes again", median(cold.map { $0.all / $0.replay }), "x"),
            Limit(
                "nft -f of kube-proxy's text / compile to commit (*)", peerTime / median(cold.map(\.cold)), "x",
                .atLeast(50)),
            Limit(
                "nft -f of kube-proxy's text / nft -f of Ferrule's", peerTime / median(ownText.map(\.seconds)), "x"),
            Limit("kernel memory, Ferrule's ruleset", own / endpoints, "B/endpoint"),
            Limit("kernel memory, Ferrule's / kube-proxy's ruleset", own / max(peer, 1), "x", .atMost(0.5)),
        ]
    }
}
