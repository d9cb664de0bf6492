// SPDX-License-Identifier: Apache-2.0

import FerruleText

/// Writes a YAML tree as JSON, as Kubernetes does before it decodes a manifest.
struct YAMLToJSON {
    /// The JSON text.
    private(set) var bytes: [UInt8] = []
    /// Aliases may repeat their anchors so often that a small text grows without end.
    private let sizeLimit: Int
    /// How many members have been merged, which takes time even where nothing is written.
    private var mergedCount = 0
    private var depth = 0

    /// The JSON text of a tree that was made of so many bytes of YAML.
    static func bytes(of root: YAMLNode, sourceSize: Int) throws(YAMLProblem) -> [UInt8] {
        var writer = YAMLToJSON(sizeLimit: 1_000_000 + 10 * sourceSize)
        writer.bytes.reserveCapacity(sourceSize)
        try writer.append(root)
        return writer.bytes
    }

    private init(sizeLimit: Int) { self.sizeLimit = sizeLimit }

    private mutating func append(_ node: YAMLNode) throws(YAMLProblem) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= YAMLComposer.depthLimit else { throw YAMLProblem("the text is nested too deeply", node.mark) }
        guard bytes.count <= sizeLimit else { throw YAMLProblem.aliasBomb(node.mark) }
        switch node {
        case .scalar(let scalar, _): append(ScalarValue(scalar))
        case .sequence(let sequence, _):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in sequence.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                try append(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .mapping(let mapping, let mark): try append(mapping, mark)
        }
    }

    private mutating func append(_ mapping: [YAMLNode.Member], _ mark: YAMLNode.Mark) throws(YAMLProblem) {
        bytes.append(UInt8(ascii: "{"))
        let members = try members(of: mapping, mark)
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(quoted: member.key)
            bytes.append(UInt8(ascii: ":"))
            try append(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// The members of a mapping, with those of the mappings that `<<` merges in (YAML 1.1), except where they are given.
    private mutating func members(
        of mapping: [YAMLNode.Member], _ mark: YAMLNode.Mark, depth: Int = 0
    ) throws(YAMLProblem) -> [(key: String, value: YAMLNode)] {
        guard depth <= YAMLComposer.depthLimit else { throw YAMLProblem("the text is nested too deeply", mark) }
        var members: [(key: String, value: YAMLNode)] = []
        var merged: [YAMLNode] = []
        for (key, value) in mapping {
            if key.isPlain, key.text == "<<" {
                if case .sequence(let sequence, _) = value { merged += sequence } else { merged.append(value) }
            } else {
                members.append((ScalarValue(key).text, value))
            }
        }
        guard !merged.isEmpty else { return members }
        var present = Set(members.map(\.key))
        for node in merged {
            guard case .mapping(let source, let mark) = node else {
                throw YAMLProblem("only mappings can be merged with \"<<\"", node.mark)
            }
            let added = try self.members(of: source, mark, depth: depth + 1)
            mergedCount += 1 + added.count
            guard mergedCount <= sizeLimit / 10 else { throw YAMLProblem.aliasBomb(node.mark) }
            members += added.filter { present.insert($0.key).inserted }
        }
        return members
    }

    private mutating func append(_ value: ScalarValue) {
        switch value {
        case .string(let string): append(quoted: string)
        case .literal(let literal): bytes += literal.utf8
        }
    }

    private mutating func append(quoted string: String) { bytes.appendJSONString(string.utf8.span) }
}
