// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

@Suite("ferrule test")
struct TestCommandTests {
    @Test(
        "what --write prints holds where it was written, and is the same again",
        arguments: [
            "Tests/Data/shop-cluster.yaml", "golden/dual-stack/input.yaml", "golden/dual-stack-pods/input.yaml",
            "golden/externalname/input.yaml", "golden/sctp/input.yaml", "golden/source-ranges-overlapping/input.yaml",
            "golden/session-affinity-local-policy/input.yaml", "golden/topology-hints-incomplete/input.yaml",
            "golden/test-without-nodes/input.yaml", "golden/test-some-pods-cannot-be-asked/input.yaml",
            "golden/iptables-ipv4/input.yaml",
        ])
    func proposals(input: String) async throws {
        let folder = try TemporaryFolder()
        let path = Project.url(input).path
        let written = try await ProgramRun.ferrule(["test", "-f", path, "--write"], in: folder.url)
        #expect(written.status == 0, "\(written.standardError)")
        try folder.write(written.standardOutput, to: "traffic.yaml")
        let run = try await ProgramRun.ferrule(["test", "-f", path, "-t", "traffic.yaml"], in: folder.url)
        #expect(run.status == 0, "\(run.standardOutput)")
        #expect(try await ProgramRun.ferrule(["test", "-f", path, "--write"], in: folder.url) == written)
        withExtendedLifetime(folder) {}
    }

    @Test(
        "what makes no sense together is wrong usage",
        arguments: [
            ["-f", "a.yaml"], ["-f", "a.yaml", "--write", "-t", "b.yaml"],
            ["-f", "a.yaml", "--write", "--format", "json"],
            ["-f", "a.yaml", "-t", "b.yaml", "--lock", "l", "--write-lock"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await ProgramRun.ferrule(["test"] + arguments)
        #expect(run.status == 64)
        #expect(run.standardOutput == "")
    }

    @Test("a file of statements that is not there cannot be read")
    func missingFile() async throws {
        let input = Project.url("golden/dual-stack/input.yaml").path
        let run = try await ProgramRun.ferrule(["test", "-f", input, "-t", "nowhere.yaml"])
        #expect(run.status == 66)
        #expect(run.standardError == "nowhere.yaml: error: there is no such file or directory\n")
    }

    @Test(
        "a node that is not there is told with the number of the statement that names it",
        arguments: [("n3", "spec[1].onNodes"), ("[n1, n3]", "spec[1].onNodes[1]")])
    func unknownNode(nodes: String, field: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nspec: {podCIDRs: [10.244.1.0/24]}\n"
                + "status: {addresses: [{type: InternalIP, address: 192.0.2.11}]}\n", to: "input.yaml")
        try folder.write(
            """
            apiVersion: ferrule.dev/v1
            kind: TrafficTest
            metadata: {name: t}
            spec:
            - {from: node, to: "10.96.0.80:80", is: leftAlone}
            - {from: node, to: "10.96.0.80:80", is: leftAlone, onNodes: \(nodes)}

            """, to: "traffic.yaml")
        let run = try await ProgramRun.ferrule(["test", "-f", "input.yaml", "-t", "traffic.yaml"], in: folder.url)
        #expect(run.status == 65)
        #expect(run.standardError.contains("error: TrafficTest t: \(field): there is no node \"n3\""), "\(run)")
        withExtendedLifetime(folder) {}
    }

    @Test("verbose lists what holds too")
    func verbose() async throws {
        let folder = Project.url("golden/test-holds")
        let run = try await ProgramRun.ferrule(["test", "-f", "input.yaml", "-t", "traffic.yaml", "-v"], in: folder)
        #expect(run.status == 0)
        #expect(run.standardOutput.split(separator: "\n").count { $0.contains(": holds: from ") } == 4)
    }
}
