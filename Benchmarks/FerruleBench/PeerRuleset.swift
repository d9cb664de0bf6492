// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The ruleset of kube-proxy that was listed for the large cluster, taken apart so that it can be cut to fewer services and
/// extended by services of other kinds in the shape that kube-proxy gives them.
struct PeerRuleset {
    /// A set or map: its declaration, and its elements as text.
    struct Block {
        let title: String
        var declaration: [String] = []
        var elements: [String] = []
    }

    /// A chain with its rules.
    struct Chain {
        let name: String
        var rules: [String] = []
    }

    static let path = "Benchmarks/Data/kube-proxy-1.36-cluster-10k.nft.xz"

    private var blocks: [Block] = []
    private var chains: [Chain] = []

    /// - Parameter text: of `nft list table`.
    init(_ text: String) {
        var inElements = false
        for line in text.split(separator: "\n") {
            let words = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("\tset ") || line.hasPrefix("\tmap ") {
                blocks.append(Block(title: String(words.dropLast(2))))
            } else if line.hasPrefix("\tchain ") {
                chains.append(Chain(name: String(words.dropFirst(6).dropLast(2))))
            } else if words.hasPrefix("elements = {") || inElements {
                inElements = !words.hasSuffix("}")
                addElements(words)
            } else if line.hasPrefix("\t\t"), !chains.isEmpty {
                chains[chains.count - 1].rules.append(words)
            } else if line.hasPrefix("\t\t"), !blocks.isEmpty {
                blocks[blocks.count - 1].declaration.append(words)
            }
        }
    }

    /// Unpacks the listing.
    static func read(_ bench: Bench) throws -> PeerRuleset {
        let plain = bench.path("peer.nft")
        if !FileManager.default.fileExists(atPath: plain) {
            _ = try ChildProcess.run("xz", ["-dc", path], output: plain)
        }
        return PeerRuleset(try String(contentsOf: URL(filePath: plain), encoding: .utf8))
    }

    private mutating func addElements(_ line: String) {
        let text = line.hasPrefix("elements = {") ? line.dropFirst("elements = {".count) : line[...]
        let elements = text.split(whereSeparator: { $0 == "," || $0 == "}" }).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        blocks[blocks.count - 1].elements += elements.filter { !$0.isEmpty }
    }

    func elements(of title: String) -> [String] { blocks.first { $0.title == title }?.elements ?? [] }

    /// The first rule of each chain that has one.
    var firstRules: [(chain: String, rule: String)] {
        chains.compactMap { chain in chain.rules.first.map { (chain.name, $0) } }
    }

    mutating func add(_ elements: [String], to title: String) {
        guard let block = blocks.firstIndex(where: { $0.title == title }) else { return }
        blocks[block].elements += elements
    }

    mutating func replaceElements(of title: String, by elements: [String]) {
        guard let block = blocks.firstIndex(where: { $0.title == title }) else { return }
        blocks[block].elements = elements
    }

    mutating func add(_ block: Block) { blocks.append(block) }
    mutating func add(_ chain: Chain) { chains.append(chain) }

    /// The same with the first services alone.
    func cut(to count: Int) -> PeerRuleset {
        var cut = self
        let all = elements(of: "map service-ips")
        let kept = all.prefix(count)
        let names = Set(kept.map { $0.components(separatedBy: "goto ").last ?? "" })
        let addresses = Set(kept.map { $0.components(separatedBy: " . ").first ?? "" })
        cut.chains = chains.filter { !$0.isOfService || names.contains($0.name) }
        for block in blocks.indices {
            switch blocks[block].title {
            case "map service-ips": cut.blocks[block].elements = Array(kept)
            case "set cluster-ips": cut.blocks[block].elements = blocks[block].elements.filter(addresses.contains)
            case "set hairpin-connections":
                let share = blocks[block].elements.count * kept.count / max(all.count, 1)
                cut.blocks[block].elements = Array(blocks[block].elements.prefix(share))
            default: break
            }
        }
        return cut
    }

    /// As input of `nft -f`.
    var text: String {
        var lines = ["table ip kube-proxy {"]
        for block in blocks {
            lines.append("\t\(block.title) {")
            lines += block.declaration.map { "\t\t" + $0 }
            if !block.elements.isEmpty {
                lines.append("\t\telements = { " + block.elements.joined(separator: ",\n") + " }")
            }
            lines.append("\t}")
        }
        for chain in chains {
            lines.append("\tchain \(chain.name) {")
            lines += chain.rules.map { "\t\t" + $0 }
            lines.append("\t}")
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    func write(to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
}

extension PeerRuleset.Chain {
    fileprivate var isOfService: Bool { name.hasPrefix("service-") && name.contains("/") }
}
