// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleTestSupport
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// Fields that the API does not have are found wherever they stand, and others are not.
struct FieldCheckerTests {
    /// `Service default/a: spec.Type -> type`
    private func found(_ text: String) throws -> [String] {
        try read(text).unknownNames.map {
            "\($0.object): \($0.origin.path + $0.field)"
                + ($0.meant.isEmpty ? "" : " -> " + $0.meant.joined(separator: ", "))
        }
    }

    /// Each field that is read of a type, with the keys that lead to it.
    private static func places(
        _ schema: FieldSchema, _ path: [String] = []
    ) -> [(path: [String], schema: FieldSchema, position: Int)] {
        schema.names.indices.filter { schema.isRead[$0] }.flatMap { position in
            let inner = schema.contents[position].schema
            return [(path, schema, position)]
                + (inner.map { places($0, path + [schema.names[position]]) } ?? [])
        }
    }

    /// An object of a kind with one key at a place, and lists of one element where the API has lists.
    private static func object(_ kind: ObjectKind, _ version: String, _ path: [String], _ key: String) -> String {
        func text(_ schema: FieldSchema, _ path: ArraySlice<String>) -> String {
            guard let first = path.first, let position = schema.names.firstIndex(of: first) else {
                return "\"\(key)\":null"
            }
            switch schema.contents[position] {
            case .object(let inner): return "\"\(first)\":{\(text(inner, path.dropFirst()))}"
            case .list(let inner): return "\"\(first)\":[{},{\(text(inner, path.dropFirst()))}]"
            case .value: return ""
            }
        }
        return #"{\#(text(kind.schema, path[...])),"kind":"\#(kind.rawValue)","apiVersion":"\#(version)"}"#
    }

    @Test("a field that is given more than once is told, whatever it holds and wherever it stands")
    func repeatedFields() throws {
        let text = #"""
            {"kind": "Service", "apiVersion": "v1", "metadata": {"name": "a", "labels": {"x": "1", "x": "2"}},
             "spec": {"clusterIP": "10.96.0.1", "clusterIP": "10.96.0.2", "cluster\u0049P": "10.96.0.3",
                      "ports": [{"port": 80}, {"port": 81, "port": 82}]}, "spec": {}}
            """#
        let expected = ["metadata.labels.x", "spec.clusterIP", "spec.ports[1].port", "spec"]
        #expect(try found(text) == expected.map { "Service default/a: \($0)" })
        let repeated = try read(text).unknownNames
        #expect(repeated.compactMap { $0.diagnostic(isStrict: false)?.severity } == expected.map { _ in .error })
    }

    @Test(
        "a key that a map gives more than once is told once",
        arguments: [
            (#""a": "1", "b": "2", "a": "3""#, ["a"]), (#""a": "1", "\u0061": "2", "b": "3", "a": "4""#, ["a"]),
            (#""a": "1", "aa": "2", "A": "3""#, []), (#""b\\": "1", "b": "2""#, []), ("", []),
            ((0..<40).map { "\"k\($0 % 39)\": \"\"" }.joined(separator: ","), ["k0"]),
            ((0..<40).map { "\"k\($0)\": \"\"" }.joined(separator: ","), []),
        ])
    func repeatedKeys(members: String, expected: [String]) throws {
        let text = #"{"kind": "Service", "apiVersion": "v1", "spec": {"selector": {\#(members)}}}"#
        #expect(try found(text) == expected.map { "Service default/(without a name): spec.selector.\($0)" })
        let stored = #"{"kind": "Pod", "apiVersion": "v1", "metadata": {"uid": "x", "labels": {\#(members)}}}"#
        let severities = try read(stored).unknownNames.map { $0.diagnostic(isStrict: false)?.severity }
        #expect(severities == expected.map { _ in .warning })
    }

    @Test(
        "of very many unknown fields some are kept and the others counted, and none hides one that is meant otherwise")
    func countsFields() throws {
        let fields = (0..<30_000).map { "\"field\($0)\": 1" }.joined(separator: ",")
        for text in [
            #"{"kind": "Service", "apiVersion": "v1", "spec": {\#(fields), "Ports": []}}"#,
            #"{"kind": "List", "apiVersion": "v1", "items": ["#
                + String(repeating: #"{"kind": "Service", "apiVersion": "v1", "x": 1},"#, count: 30_000)
                + #"{"kind": "Service", "apiVersion": "v1", "spec": {"Ports": []}}]}"#,
        ] {
            let found = try read(text).diagnostics(isStrict: false)
            #expect(found.count == BoundedList<UnknownName>.limit + 1)
            #expect(found.total(.warning) == 30_000 && found.total(.error) == 1)
        }
    }

    @Test(
        "a list that gives its items or its kind more than once is told, too",
        arguments: [
            (#""kind": "List", "items": [], "items": [ITEM], "items": []"#, ["List: items"]),
            (#""items": [ITEM], "items": [], "kind": "ServiceList""#, ["ServiceList: items"]),
            (#""kind": "List", "kind": "Bundle", "items": [ITEM]"#, ["List: kind"]),
            (
                #""kind": "List", "items": [{"kind": "List", "apiVersion": "v1", "items": [], "items": [ITEM]}]"#,
                ["List: items[0].items"]
            ),
        ])
    func repeatedInLists(members: String, expected: [String]) throws {
        let item = #"{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "a"}}"#
        let text = #"{"apiVersion": "v1", \#(members.replacing("ITEM", with: item))}"#
        #expect(try found(text) == expected)
    }

    @Test("every field that is read is known by its place, and found in another case", arguments: ObjectKind.allCases)
    func everyField(kind: ObjectKind) throws {
        let version = try #require(kind.apiVersions.first)
        let all = Set(ObjectKind.allCases)
        for (path, schema, position) in Self.places(kind.schema) {
            let name = schema.names[position]
            if name == "kind" || name == "apiVersion" { continue }
            let right = Self.object(kind, version, path, name)
            #expect(try read(right, kinds: all).unknownNames == [], "\(right)")
            let wrong = Self.object(kind, version, path, name.uppercased())
            // Where no upper case is another name, and no other field is this one in lower case.
            let unknown = try read(wrong, kinds: all).unknownNames
            #expect(unknown.count == 1, "\(wrong)")
            #expect(unknown.first?.meant.contains(name) == true, "\(wrong)")
            #expect(unknown.first?.field.steps.last == .key(name.uppercased()))
        }
    }

    @Test(
        "every type names each of its fields once, and has no more of them than are told apart",
        arguments: ObjectKind.allCases)
    func eachOnce(kind: ObjectKind) {
        var open = [kind.schema]
        while let schema = open.popLast() {
            #expect(Set(schema.names).count == schema.names.count, "\(schema.names)")
            #expect(schema.names.count <= UInt128.bitWidth)
            open += schema.contents.compactMap(\.schema)
        }
    }

    @Test("an object that names no namespace is in the one that the user gave")
    func namespace() throws {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {Type: a}\n"
        var reader = ManifestReader(standardInput: { Data(text.utf8) })
        reader.namespace = "shop"
        #expect(try reader.read(["-"]).unknownNames.map(\.object) == ["Service shop/a"])
    }

    @Test(
        "what an API server of 1.36 has written holds no unknown field, and no unknown kind",
        arguments: ["shop-cluster.yaml", "shop-cluster.json"])
    func realCluster(file: String) throws {
        let manifests = try ManifestReader(standardInput: { Data() }).read([Project.url("Tests/Data/" + file).path])
        #expect(manifests.objects.services.count > 20)
        #expect(manifests.unknownNames == [])
    }

    @Test("the type of an object may stand behind its fields")
    func typeBehind() throws {
        #expect(
            try found(#"{"spec": {"Type": 1}, "metadata": {"name": "a"}, "kind": "Service", "apiVersion": "v1"}"#)
                == ["Service default/a: spec.Type -> type"])
    }

    @Test("objects of different kinds follow each other, and say their type before or behind their fields")
    func mixedList() throws {
        let items = [
            #"{"kind": "Service", "apiVersion": "v1", "spec": {"Type": 1}}"#,
            #"{"endpoints": [{"Zone": 1}], "kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1"}"#,
            #"{"spec": {"Type": 1}, "kind": "Ingress", "apiVersion": "networking.k8s.io/v1"}"#,
            #"{"spec": {"endpoints": 1}, "kind": "Service", "apiVersion": "v1"}"#,
            #"{"kind": "Service", "apiVersion": "example.com/v1", "spec": {"Type": 1}}"#,
        ]
        let text = #"{"apiVersion": "v1", "items": [\#(items.joined(separator: ","))], "kind": "List"}"#
        #expect(
            try found(text) == [
                "Service default/(without a name): items[0].spec.Type -> type",
                "EndpointSlice default/(without a name): items[1].endpoints[0].Zone -> zone",
                "Service default/(without a name): items[3].spec.endpoints",
            ])
    }

    @Test(
        "items of a typed list take their type from it, wherever it is written",
        arguments: [
            #"{"kind": "ServiceList", "apiVersion": "v1", "items": [{"spec": {"Type": 1}}, {"Spec": {}}], "extra": 1}"#,
            #"{"items": [{"spec": {"Type": 1}}, {"Spec": {}}], "extra": 1, "apiVersion": "v1", "kind": "ServiceList"}"#,
        ])
    func typedList(text: String) throws {
        let found = try read(text).unknownNames
        #expect(found.map { ($0.origin.path + $0.field).description } == ["items[0].spec.Type", "items[1].Spec"])
    }

    @Test("something else with a field of the name items holds no objects")
    func noList() throws {
        let item = #"{"kind": "Service", "apiVersion": "v1", "spec": {"Type": 1}}"#
        #expect(try found(#"{"items": [\#(item)], "kind": "Bundle", "apiVersion": "example.com/v1"}"#) == [])
        #expect(try found(#"{"kind": "Bundle", "apiVersion": "example.com/v1", "items": [\#(item)]}"#) == [])
        #expect(
            try found(#"{"items": [\#(item)], "items": [], "kind": "Bundle", "apiVersion": "example.com/v1"}"#) == [])
    }

    @Test("keys may be written with escapes, and any text may stand in them and in values")
    func escapes() throws {
        #expect(
            try found(
                #"{"kind":"Service","apiVersion":"v1","sp\u0065c":{"Ty\u0070e":"}\"]"},"metadata":{"name":"a\\"},"x{\"":{}}"#
            )
                == [#"Service default/a\: spec.Type -> type"#, #"Service default/a\: x{""#])
    }

    @Test("values that are not what the API has there are left to the decoder")
    func wrongValues() throws {
        #expect(
            try found(
                #"{"kind":"Service","apiVersion":"v1","metadata":[{"Name":1}],"spec":{"ports":{"Port":1},"selector":[1]}}"#
            )
                == [])
        #expect(try found("[1, {}, 3]") == [])
        #expect(try found("kind: [Service]\napiVersion: v1\nspec: {Type: 1}\n") == [])
    }

    @Test("keys of maps are free: labels, annotations, selectors, and what is not looked into")
    func maps() throws {
        #expect(
            try found(
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: a
                  labels: {Type: a, ports: b}
                  annotations: {Ports: b}
                  managedFields: [{manager: a, fieldsV1: {"f:spec": {"f:Type": {}}}}]
                spec:
                  selector: {Type: a}
                """) == [])
    }

    @Test("an unknown key that stands twice is looked at twice, a known one told once, none looked for in vain")
    func twice() throws {
        let names = (0..<40).map { "\"\($0.isMultiple(of: 2) ? "type" : "Type")\":null" }.joined(separator: ",")
        #expect(
            try found(#"{"kind":"Service","apiVersion":"v1","spec":{\#(names)}}"#).count == 20 + 1)
    }
}
