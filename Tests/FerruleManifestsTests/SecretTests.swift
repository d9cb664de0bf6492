// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// Nothing of a Secret stands in what is said of an input, whatever is wrong with it or what stands beside it.
struct SecretTests {
    private static let secret =
        #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x","labels":{"a":5}},"stringData":{"k":"HIDDEN"}}"#
    private static let service = #"{"apiVersion":"v1","kind":"Service","metadata":{"name":5}}"#

    private static func list(_ items: String...) -> String {
        #"{"apiVersion":"v1","kind":"List","metdata":{},"items":["# + items.joined(separator: ",") + "]}"
    }

    private static let texts = [
        secret, list(secret, service), list(service, secret), list(list(secret), service), "\(secret)\(service)",
        "\(service)\(secret)", "- x\n---\n" + list(secret, service),
        // Of another kind, version or spelling.
        secret.replacing("Secret", with: "Secert"), list(secret.replacing("Secret", with: "Secert"), service),
        secret.replacing("v1", with: "v2"), secret.replacing(#""kind":"Secret","#, with: ""),
        secret.replacing(#""kind":"Secret","#, with: "").replacing("stringData", with: "data"),
        secret.replacing(#""Secret""#, with: "5"), secret.replacing("stringData", with: "Data"),
        // What cannot be read as a whole, or not at all.
        "\(secret)\(service.dropLast(2))", "\(service)\(secret.dropLast(2))",
        secret.replacing("HIDDEN", with: "HIDDEN\\q"),
        "{apiVersion: v1, kind: Secert, stringData: {k: HIDDEN", "kind: Secert\ndata: {k: HIDDEN\n",
        "kind: Secret\nmetadata: {name: x}\nstringData:\n  k: HIDDEN: HIDDEN\n",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret, stringData: {k: HIDDEN}}, "
            + "{apiVersion: v1, kind: Service, metadata: {name: 5}}]}",
    ]

    private func printed(_ text: Data, _ kinds: Set<ObjectKind>) throws -> String {
        var reader = ManifestReader(standardInput: { text })
        reader.kinds = kinds
        let manifests = try reader.read(["-"])
        let found =
            manifests.diagnostics(isStrict: true) + ClusterValidator.validate(manifests.objects)
        let printer = DiagnosticPrinter(locate: manifests.sources.locate)
        return found.map(printer.text(of:)).joined()
    }

    @Test("no message quotes a Secret", arguments: texts)
    func hides(text: String) throws {
        let notUTF8 = Data(text.utf8).split(separator: UInt8(ascii: "N")).joined(separator: Data([0xff, 0x4e]))
        for kinds in [ObjectKind.ofServices, Set(ObjectKind.allCases)] {
            for text in [Data(text.utf8), Data(text.replacing(",", with: " , ").utf8), Data(notUTF8)] {
                let found = try printed(text, kinds)
                #expect(!found.contains("HID") && !found.contains("DDEN"), "\(found)")
            }
        }
        #expect(try printed(Data(text.utf8), Set(ObjectKind.allCases)) != "")
    }

    @Test("what stands beside a Secret is quoted as far as it goes")
    func quotesOthers() throws {
        let found = try printed(Data(Self.list(Self.secret, Self.service, Self.secret).utf8), ObjectKind.ofServices)
        #expect(
            found.contains("\n    ...}},{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"n...\n"), "\(found)"
        )
        let lines = Self.list("\n  \(Self.secret)", "\n  \(Self.service)")
        #expect(try printed(Data(lines.utf8), ObjectKind.ofServices).contains("\n    \(Self.service)]}\n"))
    }

    @Test("lines without Secrets are quoted")
    func quotes() throws {
        for text in [
            "\(Self.service)\n\(Self.secret)", "kind: ConfigMap\ndata: {k: v: x}\n", "kind: X\nmetadata: {k: v: x}\n",
        ] {
            #expect(try printed(Data(text.utf8), ObjectKind.ofServices).contains("\n    "), "\(text)")
        }
    }
}
