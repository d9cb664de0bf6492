// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

@Suite("ferrule plan")
struct PlanTests {
    private func services(_ numbers: Range<Int>, clusterIP: Bool = true) -> String {
        numbers.map { number in
            "---\napiVersion: v1\nkind: Service\nmetadata: { name: s-\(number), namespace: shop }\n"
                + "spec: { \(clusterIP ? "clusterIP: 10.96.\(number / 200).\(number % 200 + 1), " : "")"
                + "ports: [{ name: http, port: 80 }] }\n"
        }.joined()
    }

    @Test("a configuration and a lock that can be read only once are those of both sides")
    func pipes() async throws {
        let folder = try TemporaryFolder()
        try folder.write(services(0..<1, clusterIP: false), to: "a.yaml")
        try folder.write(services(0..<2, clusterIP: false), to: "b.yaml")
        try folder.write(
            "{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration}", to: "config.yaml")
        try folder.write(
            #"{"clusterIPs": {"shop/s-1": ["10.96.0.77"]}, "nodePorts": {}, "version": 1}"#, to: "lock.json")
        let run = try await ProgramRun.shell(
            "cat config.yaml | ferrule plan -f b.yaml --against a.yaml --config - --lock /dev/fd/3 3<<END\n"
                + "$(cat lock.json)\nEND", in: folder.url)
        #expect(run.status == 0 && run.standardOutput.contains("10.96.0.77"), "\(run)")
        let pipe = try await ProgramRun.shell(
            "cat lock.json | ferrule plan -f b.yaml --against a.yaml --lock /dev/stdin", in: folder.url)
        #expect(pipe.status == 0 && pipe.standardOutput.contains("10.96.0.77"), "\(pipe)")
        for arguments in [["-f", "-"], ["-f", "a.yaml", "--against", "-"]] {
            let wrong = try await ProgramRun.ferrule(["plan", "--config", "-"] + arguments, in: folder.url)
            #expect(wrong.status == 64 && wrong.standardError.contains("--config, not both"), "\(wrong)")
        }
        let empty = try await ProgramRun.ferrule(
            ["render", "-f", "a.yaml", "--config", "-"], in: folder.url, input: "# no\n")
        #expect(empty.status == 65 && empty.standardError.hasPrefix("<stdin>: error: "), "\(empty)")
        withExtendedLifetime(folder) {}
    }

    @Test("a comment has at most 65,536 characters and says that it is cut")
    func cutsMarkdown() async throws {
        let folder = try TemporaryFolder()
        try folder.write(services(0..<1), to: "before.yaml")
        try folder.write(services(0..<2000), to: "after.yaml")
        let arguments = ["plan", "-f", "after.yaml", "--against", "before.yaml", "--format"]
        let run = try await ProgramRun.ferrule(arguments + ["markdown"], in: folder.url)
        #expect((60_000...65_536).contains(run.standardOutput.count))
        #expect(run.standardOutput.contains("**Cut here**: ") && run.standardOutput.contains("Kernel operations"))
        let text = try await ProgramRun.ferrule(arguments + ["text"], in: folder.url)
        #expect(text.standardOutput.contains("Plan: 1999 to add, 0 to change, 0 to remove.\n"))
        withExtendedLifetime(folder) {}
    }

    @Test("a row that does not fit into a comment hides no other")
    func hidesOneRow() async throws {
        let folder = try TemporaryFolder()
        let addresses = (0..<2000).map { "198.18.\($0 / 250).\($0 % 250 + 1)" }.joined(separator: ", ")
        try folder.write(
            services(0..<1).replacing("ports:", with: "externalIPs: [\(addresses)], ports:") + services(1..<2),
            to: "after.yaml")
        let run = try await ProgramRun.ferrule(
            ["plan", "-f", "after.yaml", "--against-empty", "--format", "markdown"], in: folder.url)
        #expect(run.standardOutput.contains("| `+` | `shop/s-1:http` |"))
        #expect(run.standardOutput.contains("**Cut here**: 1 more row would not fit"))
        #expect(!run.standardOutput.contains("198.18.") && run.standardOutput.count < 65_536)
        withExtendedLifetime(folder) {}
    }

    @Test("of many who can reach something the first are told, and in JSON all", arguments: [20, 30])
    func limitsReach(count: Int) async throws {
        let folder = try TemporaryFolder()
        let endpoints = (0..<count).map { number in
            "---\napiVersion: v1\nkind: Endpoints\nmetadata: { name: s-\(number), namespace: shop }\n"
                + "subsets: [{ addresses: [{ ip: 10.244.0.\(number + 1) }], ports: [{ name: http, port: 80 }] }]\n"
        }
        try folder.write(services(0..<count) + endpoints.joined(), to: "after.yaml")
        let arguments = ["plan", "-f", "after.yaml", "--against-empty", "--format"]
        let text = try await ProgramRun.ferrule(arguments + ["text"], in: folder.url).standardOutput
        #expect(text.split(separator: "\n").count { $0.contains(" can now reach shop/s-") } == 20)
        #expect(text.contains("and 10 more, which --format json names") == (count > 20))
        let json = try await ProgramRun.ferrule(arguments + ["json"], in: folder.url).standardOutput
        #expect(json.split(separator: "\n").count { $0.contains("\"change\" : \"gain\"") } == count)
        withExtendedLifetime(folder) {}
    }

    @Test("colour is for those who want it")
    func colors() async throws {
        let folder = try TemporaryFolder()
        try folder.write(services(0..<1), to: "before.yaml")
        try folder.write(services(1..<2), to: "after.yaml")
        let arguments = ["plan", "-f", "after.yaml", "--against", "before.yaml"]
        let colored = try await ProgramRun.ferrule(arguments + ["--color", "always"], in: folder.url).standardOutput
        let plain = try await ProgramRun.ferrule(arguments, in: folder.url).standardOutput
        #expect(colored.contains("\u{1b}[32m+\u{1b}[0m shop/s-1:http") && !plain.contains("\u{1b}"))
        #expect(colored.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
        withExtendedLifetime(folder) {}
    }

    @Test("lines are broken at the width of a terminal, and never in a pipe", arguments: [40, 80, 200])
    func wraps(columns: Int) async throws {
        let plan =
            "ferrule plan -f golden/plan-many-endpoints/after.yaml --against golden/plan-many-endpoints/before.yaml"
        let piped = try await ProgramRun.shell("\(plan) | cat")
        let whole = try String(contentsOf: Project.url("golden/plan-many-endpoints/plan.txt"), encoding: .utf8)
        #expect(piped.standardOutput == whole)
        // `script` runs it on a terminal of its own, which ends lines with a carriage return too. On a slow machine it would be told
        // on standard error what takes long.
        let shown = try await ProgramRun.shell(
            "script -qec 'stty cols \(columns); \(plan) --color never 2>/dev/null' /dev/null </dev/null")
        let lines = shown.standardOutput.replacing("\r\n", with: "\n").split(separator: "\n")
        #expect(shown.status == 0 && lines.allSatisfy { $0.count <= columns }, "\(shown.standardOutput)")
        let words = { (text: String) in text.split { $0 == " " || $0 == "\n" } }
        #expect(words(lines.joined(separator: "\n")) == words(whole))
        #expect((lines.count > whole.split(separator: "\n").count) == (columns < 200))
        // A sign stays with its address.
        #expect(!lines.contains { $0.hasSuffix("-") || $0.hasSuffix("+") })
    }

    @Test("allocated addresses are equal on both sides, with a lock file or without, and only the input's are kept")
    func allocations() async throws {
        let folder = try TemporaryFolder()
        try folder.write(services(0..<300, clusterIP: false), to: "before.yaml")
        try folder.write(services(50..<301, clusterIP: false), to: "after.yaml")
        let arguments = [
            "plan", "-f", "after.yaml", "--against", "before.yaml", "--service-cidr", "10.96.0.0/23",
        ]
        for more in [[], ["--lock", "lock.json", "--write-lock"], ["--lock", "lock.json"]] {
            let run = try await ProgramRun.ferrule(arguments + more, in: folder.url)
            #expect(run.status == 0)
            #expect(run.standardOutput.contains("Plan: 1 to add, 0 to change, 50 to remove.\n"))
        }
        let lock = try String(contentsOf: folder.url.appending(path: "lock.json"), encoding: .utf8)
        #expect(lock.contains("shop/s-300") && !lock.contains(#""shop/s-1""#))
        withExtendedLifetime(folder) {}
    }
}
