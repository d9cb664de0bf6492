// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FerruleNFTText
import FerruleNetlink
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import Foundation

/// Objects to the kernel: everything that a cold `apply` does after reading, and the same bytes once more.
struct PipelineRun: Measurement {
    enum Input: Codable {
        case file(String)
        case model(SyntheticModel)

        func objects() throws -> ClusterObjects {
            switch self {
            case .file(let path): try ManifestReader { Data() }.read([path]).objects
            case .model(let model): model.objects()
            }
        }
    }

    let input: Input
    /// Where the ruleset goes as nft's text; nil for nowhere.
    var textPath: String?

    func measure() throws -> PipelineCosts {
        let objects = try input.objects()
        var costs = PipelineCosts()
        let kernel = Kernel()
        try PeakMemory.reset()
        let base = try PeakMemory.bytes()
        var last = base
        func phase<Result>(_ path: WritableKeyPath<PipelineCosts, Double>, _ work: () throws -> Result) throws -> Result
        {
            try PeakMemory.reset()
            let (result, time) = try seconds(work)
            costs[keyPath: path] = time
            last = max(last, try PeakMemory.bytes())
            return result
        }
        let options = try Self.options()
        let cluster = try phase(\.resolve) { ClusterResolver.resolve(objects, options: options.resolution).cluster }
        let ruleset = try phase(\.compile) { RulesetCompiler.compile(cluster, options.compiler) }
        let transaction = Transaction.replacing(with: ruleset)
        let batch = try phase(\.encode) { try BatchEncoder.encode(transaction) }
        let removal = Transaction.deleting(ruleset.tables.map(\.name))
        try kernel.apply(removal)
        try phase(\.commit) { try kernel.send(batch, of: transaction) }
        costs.peakBytes = last - base
        costs.elements = ruleset.elementCount
        costs.kernelBytes = try KernelMemory.bytes { try kernel.apply(removal) }
        costs.replay = try seconds { try kernel.send(batch, of: transaction) }.seconds
        try kernel.apply(removal)

        (costs.services, costs.endpoints) = (ruleset.summary.services, ruleset.summary.endpoints)
        costs.messages = batch.messages.count
        let (text, time) = seconds { RulesetRenderer().render(ruleset) }
        (costs.render, costs.textBytes) = (time, text.count)
        if let textPath { try Data(text).write(to: URL(filePath: textPath)) }
        return costs
    }

    /// The ranges that the cluster of `Benchmarks/Data` has, so that the ruleset does all that kube-proxy's does.
    static func options() throws -> (resolution: ResolutionOptions, compiler: CompilerOptions) {
        guard let mark = Mark(bit: 14) else { throw BenchError("there is no mark of bit 14") }
        var resolution = ResolutionOptions()
        resolution.clusterCIDRs = ["10.244.0.0/14"].compactMap { Prefix($0) }
        resolution.serviceCIDRs = ["10.96.0.0/12"].compactMap { Prefix($0) }
        return (resolution, CompilerOptions(mark: mark))
    }
}

extension Ruleset {
    /// How many elements the kernel holds, those of the maps within rules too.
    fileprivate var elementCount: Int {
        tables.reduce(0) { count, table in
            let chosen = table.chains.flatMap(\.rules).flatMap(\.statements).reduce(0) { count, statement in
                if case .numgen(let verdicts) = statement { count + verdicts.count } else { count }
            }
            return count + chosen + table.sets.reduce(0) { $0 + $1.elements.count }
        }
    }
}

/// What one way of a cluster into the kernel cost; times in seconds.
struct PipelineCosts: Codable {
    var resolve = 0.0
    var compile = 0.0
    var encode = 0.0
    var commit = 0.0
    /// The same bytes into the emptied kernel.
    var replay = 0.0
    var render = 0.0
    /// The most that the process held at once during the phases, beyond the objects that it started from.
    var peakBytes = 0
    var kernelBytes = 0
    var services = 0
    var endpoints = 0
    /// All that the kernel holds, those of the maps within rules too.
    var elements = 0
    var messages = 0
    var textBytes = 0

    /// Cold start without the reading and resolving of input.
    var cold: Double { compile + encode + commit }
    var all: Double { resolve + cold }
    var nanosecondsPerElement: Double { all * 1e9 / Double(max(elements, 1)) }
    var peakBytesPerElement: Double { Double(peakBytes) / Double(max(elements, 1)) }
}
