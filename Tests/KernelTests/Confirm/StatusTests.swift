// SPDX-License-Identifier: Apache-2.0

import Foundation
import NetworkLab
import Testing

/// Whether the kernel still holds what was applied.
@Suite("status and drift", .needsNamespaces)
struct StatusTests {
    private func status(_ lab: ConfirmLab) throws -> [String: Any] {
        let json = try lab.namespace.ferrule("status", "--format", "json").standardOutput
        return try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
    }

    @Test("What was applied shows no drift, in whichever way it came to stand there")
    func noDrift() throws {
        let lab = try ConfirmLab()
        #expect(try status(lab)["drifted"] == nil)
        var digests: [String] = []
        let ways = ["before", "after", "before", "before --replace"]
        for way in ways {
            #expect(try lab.shell(way).succeeded)
            let status = try status(lab)
            #expect(status["drifted"] as? Bool == false, "\(way)")
            digests.append(status["digest"] as? String ?? "")
            let text = try lab.namespace.ferrule("status").standardOutput
            #expect(text.contains("\ndigest     \(digests.last?.prefix(12) ?? "")\n"))
            #expect(text.contains("\ndrift      none"))
        }
        #expect(digests[0] == digests[2] && digests[0] == digests[3] && digests[0] != digests[1])
        #expect(digests.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
    }

    @Test("A remembered client is no drift")
    func memory() throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        #expect(try status(lab)["drifted"] as? Bool == false)
    }

    @Test(
        "A change by hand is drift, until the next apply",
        arguments: [
            "add rule ip ferrule nat-prerouting counter", "add chain ip ferrule mine",
            "delete element ip ferrule services { 10.96.0.80 . tcp . 80 }", "flush chain ip ferrule slot-1",
            "add element ip ferrule endpoints-1 { 10.96.0.81 . tcp . 80 : 10.244.0.66 . 8080 }",
        ])
    func drift(change: String) throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        _ = try lab.namespace.output(["nft"] + change.split(separator: " ").map(String.init))
        #expect(try status(lab)["drifted"] as? Bool == true)
        #expect(try lab.namespace.ferrule("status").standardOutput.contains("drift      the kernel holds something else"))
        #expect(try lab.shell("before").succeeded)
        #expect(try status(lab)["drifted"] as? Bool == false)
    }
}
