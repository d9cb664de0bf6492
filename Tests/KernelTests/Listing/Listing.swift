// SPDX-License-Identifier: Apache-2.0

import Foundation
import NetworkLab

/// What the installed nft lists in a namespace, without what may differ between two kernels that hold the same:
/// handles, the order of elements in a hash table, the numbers of anonymous maps.
struct Listing: Equatable {
    /// `nft -j list ruleset`, a line an object.
    let objects: [String]
    /// `nft --debug=netlink list ruleset` without the text behind it: the kernel's instructions and elements, a rule or
    /// set an entry.
    let instructions: [Block]

    /// A set with its elements, or a rule with its instructions.
    struct Block: Equatable, CustomStringConvertible {
        let title: String
        var lines: [String]

        var description: String { ([title] + lines).joined(separator: "\n  ") }
    }

    init(of namespace: Namespace) throws {
        objects = try Self.objects(of: namespace)
        instructions = Self.blocks(in: try namespace.output("nft", "--debug=netlink", "list", "ruleset"))
    }

    /// ``objects`` as another nft program lists them.
    static func objects(of namespace: Namespace, nft: String = "nft") throws -> [String] {
        try objects(in: namespace.output(nft, "-j", "list", "ruleset")).filter { !$0.hasPrefix(#"{"metainfo""#) }
    }

    /// What only one of two listings has, in words; empty if they are equal.
    func difference(from other: Listing) -> [String] {
        let own = objects + instructions.map(\.description)
        let others = other.objects + other.instructions.map(\.description)
        return own.difference(from: others).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
    }

    /// The instructions of rules alone.
    var rules: [Block] { instructions.filter { !$0.title.contains("@") } }

    // MARK: - JSON

    private static func objects(in json: String) throws -> [String] {
        guard let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any],
            let objects = document["nftables"] as? [[String: Any]]
        else { throw TestMistake(description: "nft -j printed no list of objects: \(json.prefix(200))") }
        return try objects.map { try text(canonical($0)) }
    }

    /// Without handles, and with the elements of sets sorted.
    private static func canonical(_ value: Any) throws -> Any {
        switch value {
        case let object as [String: Any]:
            var result: [String: Any] = [:]
            for (key, value) in object where key != "handle" {
                let value = try canonical(value)
                if key == "elem" || key == "set", let elements = value as? [Any] {
                    result[key] = try elements.map { (try text($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
                } else {
                    result[key] = value
                }
            }
            return result
        case let array as [Any]: return try array.map(canonical)
        default: return value
        }
    }

    private static func text(_ value: Any) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: - Instructions

    /// Titles are `ip ferrule @services` or, with a rule's handle and position, `ip ferrule slot-0 50 49`.
    static func blocks(in text: String) -> [Block] {
        var blocks: [Block] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("table ") { break }
            let line = line.replacing(/__map\d+/, with: "__map%d")
            // nft 1.0.6 has this before a protocol in a lookup of ranges. It does nothing, and newer kernels refuse it.
            if line.contains(/\[ byteorder reg \d+ = hton\(reg \d+, 2, 1\) \]/) { continue }
            if line.hasPrefix(" ") || line.hasPrefix("\t") {
                guard let last = blocks.indices.last else { continue }
                blocks[last].lines.append(line.trimmingCharacters(in: .whitespaces))
            } else {
                blocks.append(Block(title: String(line.replacing(/( \d+)+$/, with: "")), lines: []))
            }
        }
        for index in blocks.indices where blocks[index].title.contains("@") { blocks[index].lines.sort() }
        return blocks
    }
}

extension Namespace {
    /// What a program prints that has to succeed.
    func output(_ arguments: String...) throws -> String { try output(arguments) }

    func output(_ arguments: [String], input: String = "") throws -> String {
        let result = try run(arguments, input: input)
        guard result.succeeded else {
            throw TestMistake(
                description: "\(arguments.joined(separator: " ")): status \(result.status), \(result.standardError)")
        }
        return result.standardOutput
    }
}
