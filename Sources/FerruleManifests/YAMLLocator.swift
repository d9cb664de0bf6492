// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleText
import FoundationEssentials

/// Finds fields in a document of YAML.
struct YAMLLocator {
    /// A place from the start of the document on.
    enum Place {
        case offset(Int)
        /// Counted from 1, columns in Unicode scalars.
        case mark(line: Int, column: Int)
    }

    /// From so many members on those of a mapping are looked up.
    private static let largeMapping = 100

    /// Plain YAML is searched by way of its JSON, which takes a fraction of the time and memory of a tree.
    private var plain: (json: JSONLocator, places: [PlainYAML.Place])?
    private var root: YAMLNode?
    private let sourceSize: Int
    /// The members of large mappings of the tree and of those with `<<`, by their paths.
    private var members: [FieldPath: [String: YAMLNode]] = [:]

    init(_ document: TextDocument) {
        sourceSize = document.bytes.count
        if let (json, places) = PlainYAML.places(of: [UInt8](document.bytes)) {
            plain = (JSONLocator(Data(json)), places)
        } else {
            root = (try? document.root()).flatMap(\.self)
        }
    }

    /// Where the value of a path starts, or the deepest part of the path that exists; nil if the document cannot be read.
    mutating func place(of path: FieldPath) -> Place? {
        if let offset = plain?.json.offset(of: path, from: 0), let places = plain?.places {
            return Self.place(ofJSON: offset, in: places)
        }
        return root.flatMap { place(of: path, below: $0) }
    }

    private static func place(ofJSON offset: Int, in places: [PlainYAML.Place]) -> Place? {
        places.indices.sortedPlace(of: offset) { places[$0].json }.map { .offset(places[$0].text) }
    }

    private mutating func place(of path: FieldPath, below root: YAMLNode) -> Place? {
        var node = root
        for (depth, step) in path.steps.enumerated() {
            guard let next = child(of: node, at: step, path.steps.prefix(depth)) else { break }
            node = next
        }
        return .mark(line: node.mark.line, column: node.mark.column)
    }

    private mutating func child(of node: YAMLNode, at step: FieldPath.Step, _ path: ArraySlice<FieldPath.Step>)
        -> YAMLNode?
    {
        switch (step, node) {
        case (.index(let index), .sequence(let sequence, _)): sequence.indices.contains(index) ? sequence[index] : nil
        case (.key(let key), .mapping(let mapping, _)):
            if mapping.count < Self.largeMapping, !mapping.contains(where: \.isMerge) {
                mapping.first { $0.key == key }?.value
            } else {
                members(of: mapping, at: FieldPath(Array(path)))[key]
            }
        default: nil
        }
    }

    private mutating func members(of mapping: [YAMLNode.Member], at path: FieldPath) -> [String: YAMLNode] {
        if let known = members[path] { return known }
        var merging = YAMLMerging(memberLimit: 1_000_000 + sourceSize)
        let merged = (try? merging.members(of: mapping)) ?? mapping
        let found = Dictionary(merged.lazy.map { ($0.key, $0.value) }) { first, _ in first }
        members[path] = found
        return found
    }
}
