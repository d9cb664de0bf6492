// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FerruleTestSupport
import FoundationEssentials
import SystemPackage
import Testing

/// Large texts with much wrong in them take time as their size does, not as its square.
///
/// The time is that of one thread, with much to spare: walking through the text, or through all problems, once for each
/// problem would take a hundred times as long.
struct ScaleTests {
    private static let limit = 15.0

    private func service(_ number: Int, _ spec: String) -> String {
        #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s-\#(number)"},"spec":\#(spec)}"#
    }

    private func list(_ items: [String], _ separator: String = ",") -> String {
        #"{"apiVersion":"v1","kind":"List","items":["# + items.joined(separator: separator) + "]}"
    }

    @Test("problems of a text of one line have the places that they have in many lines")
    func oneLine() throws {
        let items = (0..<2000).map {
            service($0, #"{"clusterIP":"x","ports":[{"port":"\#($0)"},{"port":70000}],"selector":{"größe":1}}"#)
        }
        let (one, many) = (try read(list(items)), try read(list(items, ",\n")))
        #expect(one.diagnostics == many.diagnostics)
        #expect(one.diagnostics.count == 4000)
        let time = try threadTime {
            var before = 0
            for (position, diagnostic) in one.diagnostics.enumerated() {
                let origin = try #require(diagnostic.origin)
                let here = try #require(one.sources.locate(origin, diagnostic.field))
                let there = try #require(many.sources.locate(origin, diagnostic.field))
                let item = position / 2
                let isSame = here.line == 1 && there.line == item + 1 && here.column == there.column + before
                #expect(isSame, "\(position): \(here) \(there)")
                guard position.isMultiple(of: 2) == false else { continue }
                // What stands before the item in one line: the start of the list, which is not on lines of their own.
                before += items[item].unicodeScalars.count + 1 + (item == 0 ? list([]).count - 2 : 0)
            }
        }
        #expect(time < Self.limit)
    }

    @Test("blanks are passed over once, however many come in portions")
    func blanks() throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: " ", count: 24 << 20), to: "blanks")
        let file = try FileDescriptor.open(FilePath(folder.url.appending(path: "blanks").path), .readOnly)
        var content = Data()
        let time = try threadTime { content = try file.closeAfter { try FileContent.read(file) } }
        #expect(content.count == 24 << 20)
        #expect(time < 2)
    }

    /// The start of a list, one of its elements, how many there are of it, and the end of the list.
    private static let specs: [(String, String, Int, String)] = [
        (#"{"ports":["#, "5", 12_000, "]}"), (#"{"ports":["#, #"{"port":"x"}"#, 12_000, "]}"),
        (#"{"ports":["#, "{}", 12_000, "]}"), (#"{"ipFamilies":["#, #""x""#, 12_000, "]}"),
        (#"{"externalIPs":["#, #""x""#, 12_000, "]}"), (#"{"selector":{"#, #""k#":0"#, 12_000, "}}"),
    ]

    @Test("one object may have as many problems as fit into a file", arguments: specs)
    func oneObject(start: String, element: String, count: Int, end: String) throws {
        let elements = (0..<count).map { element.replacing("#", with: String($0)) }
        let text = service(0, start + elements.joined(separator: ",") + end)
        let time = try threadTime {
            let manifests = try read(text)
            let found = manifests.diagnostics + ClusterValidator.validate(manifests.objects)
            #expect(found.count < 22_000)
            #expect(found.total(.error) >= count)
            let areFound = found.allSatisfy { diagnostic in
                diagnostic.origin.flatMap { manifests.sources.locate($0, diagnostic.field) }?.line == 1
            }
            #expect(areFound)
        }
        #expect(time < Self.limit)
    }

    @Test("messages have a length, whatever names and values are long")
    func longNames() throws {
        let long = String(repeating: "x", count: 100_000)
        let ports = (0..<3000).map { _ in #"{"port":80,"nodePort":30000,"protocol":"\#(long.prefix(1000))","name":"a"}"#
        }
        let spec = #"{"type":"NodePort","ports":[\#(ports.joined(separator: ","))]}"#
        let text =
            #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"\#(long)","namespace":"\#(long)"},"spec":\#(spec)}"#
        let manifests = try read(text)
        let found = manifests.diagnostics + ClusterValidator.validate(manifests.objects)
        #expect(found.count >= 9000)
        let length = found.reduce(0) { $0 + $1.message.utf8.count + ($1.object?.utf8.count ?? 0) }
        #expect(length < found.count * 2000)
    }

    @Test("a list may hold as many things that are no objects as fit into a file")
    func noObjects() throws {
        let manifests = try read(list(Array(repeating: "{}", count: 50_000)))
        #expect(manifests.diagnostics.total(.error) == 50_000)
        #expect(manifests.diagnostics.count < 30_000)
    }

    @Test("a stream may have as many documents as fit into a file", arguments: ["\n", "\n---\n"])
    func documents(separator: String) throws {
        let text = (0..<3000).map { service($0, #"{"ports":[{"port":"x"}]}"#) }.joined(separator: separator)
        let time = try threadTime {
            let manifests = try read(text)
            #expect(manifests.objects.services.count == 3000)
            let lines = manifests.diagnostics.compactMap { diagnostic in
                diagnostic.origin.flatMap { manifests.sources.locate($0, diagnostic.field) }?.line
            }
            #expect(lines == (0..<3000).map { $0 * (separator == "\n" ? 1 : 2) + 1 })
        }
        #expect(time < Self.limit)
    }

    @Test("a mapping of YAML may have as many members as fit into a file")
    func members() throws {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  selector:\n"
        let time = try threadTime {
            let manifests = try read(text + (10_000..<20_000).map { "    k\($0): 1\n" }.joined())
            let lines = manifests.diagnostics.compactMap { diagnostic in
                diagnostic.origin.flatMap { manifests.sources.locate($0, diagnostic.field) }?.line
            }
            #expect(lines == Array(6..<10_006))
        }
        #expect(time < Self.limit)
    }
}
