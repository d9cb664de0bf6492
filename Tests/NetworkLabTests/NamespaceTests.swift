// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

@Suite(
    "Namespaces",
    .enabled(
        if: Namespace.isRequiredOrAvailable, Comment(rawValue: Namespace.unavailability ?? "namespaces are available")))
struct NamespaceTests {
    @Test("A plain namespace has rules of its own and nothing of another's")
    func plainNamespacesAreApart() throws {
        let first = try Namespace()
        let second = try Namespace()
        try first.load("table ip only-here { }")
        #expect(try first.run(["nft", "list", "tables"]).standardOutput == "table ip only-here\n")
        #expect(try second.run(["nft", "list", "tables"]).standardOutput == "")
    }

    @Test("A program's status, output, errors and long input are handed over")
    func runsPrograms() throws {
        let namespace = try Namespace()
        let input = String(repeating: "x", count: 300_000)
        let result = try namespace.run(["sh", "-c", "wc -c; echo bad >&2; exit 3"], input: input)
        #expect(result.status == 3)
        #expect(result.standardOutput == "300000\n")
        #expect(result.standardError == "bad\n")
        #expect(try namespace.run(["sh", "-c", "kill -9 $$"]).status == 137)
        #expect(throws: LabError.self) { try namespace.run(["no-such-program"]) }
    }

    @Test("What nft rejects becomes an error with its message")
    func reportsRejectedRulesets() throws {
        let namespace = try Namespace()
        let error = try #require(throws: LabError.self) { try namespace.load("table ip {") }
        #expect(error.description.contains("syntax error"))
    }

    @Test("A kernel parameter is set in the namespace alone, and the thread comes back")
    func writesParameters() throws {
        let namespace = try Namespace()
        let other = try Namespace()
        try namespace.write("net/ipv4/ip_default_ttl", "99")
        func read(_ namespace: Namespace) throws -> String {
            try namespace.run(["cat", "/proc/sys/net/ipv4/ip_default_ttl"]).standardOutput
        }
        #expect(try read(namespace) == "99\n")
        #expect(try read(other) == "64\n")
        #expect(try other.perform { try read(namespace) } == "99\n")
    }

    @Test("A lab leaves no namespace, also after a failure")
    func leavesNothing() throws {
        struct Failure: Error {}
        var names: [String] = []
        #expect(throws: Failure.self) {
            try Lab.with { lab in
                names = [lab.node.name, lab.remote.name, lab.outside.name] + lab.localPods.map(\.name)
                #expect(Set(try Namespace.ownNames()).isSuperset(of: names))
                throw Failure()
            }
        }
        #expect(names.count == 5)
        #expect(Set(try Namespace.ownNames()).isDisjoint(with: names))
    }

    @Test("What a dead process left is swept, what others have is not")
    func sweepsLeftovers() throws {
        let namespace = try Namespace("living")
        let process = try namespace.run(["sh", "-c", "echo $$"]).standardOutput.filter { $0 != "\n" }
        let leftovers = ["ferrule-\(process)-1-node", "foreign-\(process)-1-node"]
        for name in leftovers { #expect(try namespace.run(["ip", "netns", "add", name]).status == 0) }
        try Namespace.sweep()
        let listed = try namespace.run(["ip", "netns", "list"]).standardOutput
        #expect(!listed.contains(leftovers[0]))
        #expect(listed.contains(leftovers[1]))
        #expect(listed.contains(namespace.name))
        #expect(try namespace.run(["ip", "netns", "delete", leftovers[1]]).status == 0)
    }
}
