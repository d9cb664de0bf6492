// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleTestSupport
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// A list that is read in slices is the list that is read as a whole.
struct SlicedListReaderTests {
    /// What a text gives, read in slices; nil if that is not possible.
    private func sliced(_ text: Data, by size: Int) -> DecodedObjects? {
        SlicedListReader(text: .memory(text), file: "-", sliceSize: size).read()
    }

    private func whole(_ text: Data) -> DecodedObjects {
        DocumentReader(file: "-").read(text)
    }

    private func expectEqual(_ found: DecodedObjects, _ expected: DecodedObjects) {
        #expect(found.objects == expected.objects)
        #expect(found.diagnostics == expected.diagnostics)
        #expect(found.unknownNames == expected.unknownNames)
        #expect(found.skippedKinds == expected.skippedKinds)
    }

    private func shopCluster() throws -> Data {
        try Data(contentsOf: Project.url("Tests/Data/shop-cluster.json"))
    }

    @Test("the size of the slices changes nothing", arguments: [0, 1, 1000, 10_000, 100_000, 1 << 30])
    func anySize(size: Int) throws {
        let text = try shopCluster()
        expectEqual(try #require(sliced(text, by: size)), whole(text))
    }

    @Test("the parts of a file are those of the same text in memory")
    func files() throws {
        let text = try #require(PartialText(file: Project.url("Tests/Data/shop-cluster.json").path))
        let found = try #require(SlicedListReader(text: text, file: "-", sliceSize: 1000).read())
        expectEqual(found, whole(try shopCluster()))
    }

    @Test("what is wrong with the list itself is told once", arguments: [0, 1, 200, 1 << 20])
    func fieldsOfList(size: Int) throws {
        let items = (0..<50).map { #"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s-\#($0)"}}"# }
        let text = Data(
            #"""
            {"extra": 1, "kind": "List", "items": [\#(items.joined(separator: ",\n"))], "kind": "List", "apiVersion": "v1"}
            """#.utf8)
        let found = try #require(sliced(text, by: size))
        expectEqual(found, whole(text))
        #expect(found.unknownNames.map(\.field.description) == ["extra", "kind"])
    }

    @Test("wrong fields are told with their items, in order")
    func diagnostics() throws {
        let items = (0..<50).map {
            #"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": \#($0)}, "spec": [1]}"#
        }
        let text = Data(#"{"items": [\#(items.joined(separator: ",\n"))], "kind": "List", "apiVersion": "v1"}"#.utf8)
        let found = try #require(sliced(text, by: 100))
        expectEqual(found, whole(text))
        #expect(found.objects.services.map { $0.meta.origin.path.description } == (0..<50).map { "items[\($0)]" })
        #expect(found.diagnostics.count == 100)
    }

    @Test("unknown fields are told with their items, in order")
    func unknownFields() throws {
        let items = (0..<50).map {
            #"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s\#($0)"}, "spec": {"Type": null}}"#
        }
        let text = Data(#"{"items": [\#(items.joined(separator: ",\n"))], "kind": "List", "apiVersion": "v1"}"#.utf8)
        let found = try #require(sliced(text, by: 100))
        expectEqual(found, whole(text))
        #expect(found.unknownNames.map { $0.origin.path.description } == (0..<50).map { "items[\($0)]" })
        #expect(found.unknownNames.map(\.object) == (0..<50).map { "Service default/s\($0)" })
    }

    @Test("items of a typed list take their kind from the list, also where it is written behind them")
    func typedLists() throws {
        let text = Data(
            #"{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}],"kind":"ServiceList","apiVersion":"v1"}"#
                .utf8)
        let found = try #require(sliced(text, by: 0))
        #expect(found.objects.services.map(\.meta.name) == ["a", "b"])
        expectEqual(found, whole(text))
    }

    @Test("lists within a list count their own items")
    func nestedLists() throws {
        let inner = #"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":1}}]}"#
        let text = Data(#"{"kind":"List","apiVersion":"v1","items":[{},\#(inner),\#(inner)]}"#.utf8)
        let found = try #require(sliced(text, by: 0))
        expectEqual(found, whole(text))
        #expect(found.diagnostics.last?.origin?.path.description == "items[2].items[1]")
    }

    @Test(
        "what is not one plain list is left to the reading of the whole",
        arguments: [
            "{}", "[]", "x", #"{"kind":"List","apiVersion":"v1"}"#, #"{"kind":"List","apiVersion":"v1","items":null}"#,
            #"{"kind":"List","apiVersion":"v1","items":[]}"#, #"{"kind":"List","apiVersion":"v1","items":[{},]}"#,
            #"{"kind":"List","apiVersion":"v1","items":[,{}]}"#, #"{"kind":"List","apiVersion":"v1","items":[{},,{}]}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{} {}]}"#, #"{"kind":"List","apiVersion":"v1","items":[{}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{}]"#, #"{"kind":"List","apiVersion":"v1","items":[{}]}}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{}]}{}"#, #"{"kind":"List","items":[{}]}"#,
            #"{"kind":"Service","apiVersion":"v1","items":[{}]}"#, #"{"kind":1,"apiVersion":"v1","items":[{}]}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{}],"items":[{}]}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{}],"\u0069tems":[{}]}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{"a":"b]}]}"#,
            #"{"kind":"List","apiVersion":"v1","items":[{}, {"a":[}]}]}"#,
        ])
    func unsuitable(text: String) {
        for size in [0, 3, 1 << 20] { #expect(sliced(Data(text.utf8), by: size) == nil) }
    }

    @Test("damaged text is read as the whole is, or not at all")
    func damage() throws {
        let bytes = [UInt8](try shopCluster().prefix(20_000))
        let tail = Array("\"\"}}], \"kind\": \"List\"}".utf8)
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var damaged = bytes + (seed.isMultiple(of: 2) ? tail : [])
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[index] = Array("{}[]:,\"\\ 0n\u{0}".utf8).randomElement(using: &generator) ?? 0
            }
            let text = Data(damaged)
            for size in [0, 2000] {
                if let found = sliced(text, by: size) { expectEqual(found, whole(text)) }
            }
        }
    }

    @Test("wrong values within readable items give equal diagnostics")
    func wrongValues() throws {
        let text = String(decoding: try shopCluster(), as: UTF8.self)
        for (part, other) in [("\"metadata\":", "\"metadata\":0,\"x\":"), ("\"name\":", "\"name\":[],\"y\":")] {
            let pieces = text.split(separator: part, omittingEmptySubsequences: false)
            let damaged = pieces.enumerated().map { index, piece in
                index == 0 ? String(piece) : (index.isMultiple(of: 7) ? other : part) + piece
            }
            let data = Data(damaged.joined().utf8)
            expectEqual(try #require(sliced(data, by: 5000)), whole(data))
        }
    }
}
