// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleTestSupport
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// What is written as JSON in one pass is, byte for byte, what the tree gives.
struct PlainYAMLTests {
    private func byTree(_ text: [UInt8]) -> [UInt8]? {
        let document = TextDocument(bytes: Data(text), firstLine: 1, offset: 0, form: .yaml)
        guard let root = try? document.root() else { return nil }
        return try? YAMLToJSON.bytes(of: root, sourceSize: text.count)
    }

    @Test(
        "plain text is understood in one pass",
        arguments: [
            "a: b\n", "---\na: 1\n", "a:\nb:\n  c: x y \n", "a:\n- b\n- c: 1\n  d: 2\n-   - x\n    - y\ne: f\n",
            "a:\n  - b\n  -  c:\n     - 1\n", "a: {}\nb: []\n", "# x\na: 1\n\n  # y\nb: 2\n",
            "a: 'it''s'\nb: \"x: #\"\n",
            "a: 'one\n  two  \n\n   three'\nb: \"one\n\n\n two\"\nc: ' \n '\n",
            "a: |\n  x: 1\n   y\n\n  z\n\n# c\nb: 1\n",
            "a:\n- |-\n  x\n  \"y\\\n- 1\n", "a: |\n  x\n     \n",
            "a: yes\nb: 0x1F\nc: 1.5\nd: 10.0.0.1\ne: -1\nf: --x=y\n",
            "a: 010\nb: 1e3\nc: 12:30\nd: 1_000\ne: No\nf: null\ng: nonono\nh: .5\ni: +7\nj: 99999999999999999999\n",
            "a: größe\nb: 'ö'\nc: \"日\"\nd: |\n  é\ne: ü\u{a0}\nf: x\u{fffd}\u{1F680}\u{e000}\n",
            "a: \"x\\n\\t\\r\\\\ \\\"y\\\"  \n  z\"\n",
            "- a\n- b: c\n", "app.kubernetes.io/name: x\n", "a: b:c#d'e\"f{}[],&*!\n",
        ])
    func plain(text: String) throws {
        let text = Array(text.utf8)
        let found = try #require(PlainYAML.json(of: text))
        #expect(String(decoding: found, as: UTF8.self) == byTree(text).map { String(decoding: $0, as: UTF8.self) })
    }

    @Test(
        "all other text is left to libyaml",
        arguments: [
            "", "a: b", "x\n", "a: b\n  c\n", "a: b: c\n", "a: b # c\n", "a: &x b\n", "a: *x\n", "a: !!str 1\n",
            "a: [1]\n", "a: {b: c}\n", "a: >\n  x\n", "a: |+\n  x\n", "a: |2\n   x\n", "a: 1\na: 2\n", "yes: 1\n",
            "80: 1\n",
            "\"a\": 1\n", "? a\n", "a:\tb\n", "größe: a\n", "a: b\r\n", "a: \"\\x20\"\n", "a: 'x\n", "a: 'x' y\n",
            "a: \u{85}b\n", "a: \u{9f}\n", "a: b\u{2028}c\n", "a: b\u{2029}c\n", "a: \u{feff}\n", "a: b\u{ffff}\n",
            "a: \u{7f}\n",
            "a: \"b\\\n  c\"\n",
            "<<: x\n",
            "- a\nb: 1\n", "a: 1\n- b\n", "a: 1\n b: 2\n", " a: 1\nb: 2\n", "-\n", "a: |\n\n  x\n", "--- # x\na: 1\n",
            "~: 1\n",
        ])
    func unusual(text: String) {
        #expect(PlainYAML.json(of: Array(text.utf8)) == nil)
    }

    /// Every value has the place that the tree says.
    private func checkPlaces(_ text: [UInt8]) {
        let document = TextDocument(bytes: Data(text), firstLine: 1, offset: 0, form: .yaml)
        guard let root = try? document.root(), let (json, places) = PlainYAML.places(of: text) else { return }
        var expected: [[Int]] = []
        collect(root, into: &expected)
        var lines = LineIndex(Data(text))
        let found = places.map { place in
            let location = lines.location(ofOffset: place.text)
            return [location.line, location.column]
        }
        #expect(found == expected, "\(String(decoding: text, as: UTF8.self))")
        #expect(json == PlainYAML.json(of: text))
    }

    /// The places of a node's values, in the order of the text.
    private func collect(_ node: YAMLNode, into places: inout [[Int]]) {
        places.append([node.mark.line, node.mark.column])
        switch node {
        case .mapping(let mapping, _): for member in mapping { collect(member.value, into: &places) }
        case .sequence(let sequence, _): for element in sequence { collect(element, into: &places) }
        case .scalar: break
        }
    }

    @Test("a cluster as kubectl prints it is plain")
    func shopCluster() throws {
        let text = [UInt8](try Data(contentsOf: Project.url("Tests/Data/shop-cluster.yaml")))
        let found = try #require(PlainYAML.json(of: text))
        #expect(found == byTree(text))
        checkPlaces(text)
    }

    @Test("damaged text is understood as libyaml does, or not at all")
    func damage() throws {
        let whole = [UInt8](try Data(contentsOf: Project.url("Tests/Data/shop-cluster.yaml")))
        let lines = whole.split(separator: PlainYAML.newline, omittingEmptySubsequences: false)
        let more = [
            "- |", "  x: |-", "    'a", "b'", "\"c", "  - y: 'it''s", "", "      ", "- - a: \"b\"", "# c", "-", "a:",
        ]
        var understood = 0
        for seed in 0..<3000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let start = seed.isMultiple(of: 5) ? 8285 : Int.random(in: 0..<lines.count - 20, using: &generator)
            // A part of the file, moved to the margin, so that much of it stays readable.
            let part = lines[start..<min(start + 16, lines.count)]
            let margins = part.map { $0.prefix { $0 == PlainYAML.blank }.count }
            let margin = margins.min() ?? 0
            let block = zip(part, margins).drop { $0.1 > margin }.map { $0.0.dropFirst(margin) }
            var text = Array(block.joined(separator: [PlainYAML.newline]))
            text.append(PlainYAML.newline)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let index = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text.remove(at: index)
                case 1:
                    let character = "{}:'\"- \n\n  |#a0\\nö".randomElement(using: &generator) ?? " "
                    text.insert(contentsOf: Array(String(character).utf8), at: index)
                default:
                    let line = "\n" + (more.randomElement(using: &generator) ?? "") + "\n"
                    text.insert(contentsOf: Array(line.utf8), at: index)
                }
            }
            // Nothing else is asked about.
            guard String(validating: text, as: UTF8.self) != nil else { continue }
            guard let found = PlainYAML.json(of: text) else { continue }
            understood += 1
            let expected = byTree(text)
            #expect(found == expected, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
            checkPlaces(text)
        }
        #expect(understood > 300)
    }
}
