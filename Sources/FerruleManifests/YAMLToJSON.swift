// SPDX-License-Identifier: Apache-2.0

import FerruleText

/// Writes a YAML tree as JSON, as Kubernetes does before it decodes a manifest.
struct YAMLToJSON {
    /// The JSON text.
    private(set) var bytes: [UInt8] = []
    /// Aliases may repeat their anchors so often that a small text grows without end.
    private let sizeLimit: Int
    private var merging: YAMLMerging

    /// The JSON text of a tree that was made of so many bytes of YAML.
    static func bytes(of root: YAMLNode, sourceSize: Int) throws(YAMLProblem) -> [UInt8] {
        var writer = YAMLToJSON(sizeLimit: 1_000_000 + 10 * sourceSize)
        writer.bytes.reserveCapacity(sourceSize)
        try writer.append(root)
        return writer.bytes
    }

    private init(sizeLimit: Int) {
        self.sizeLimit = sizeLimit
        merging = YAMLMerging(memberLimit: sizeLimit / 10)
    }

    private mutating func append(_ node: YAMLNode) throws(YAMLProblem) {
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
        case .mapping(let mapping, _):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in try merging.members(of: mapping).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(quoted: member.key)
                bytes.append(UInt8(ascii: ":"))
                try append(member.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(_ value: ScalarValue) {
        switch value {
        case .string(let string): append(quoted: string)
        case .literal(let literal): bytes += literal.utf8
        }
    }

    private mutating func append(quoted string: String) { bytes.appendJSONString(string.utf8.span) }
}
