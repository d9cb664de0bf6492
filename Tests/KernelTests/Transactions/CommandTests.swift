// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// The built program against a kernel.
@Suite("apply, delete and status", .needsNamespaces)
struct CommandTests {
    private func apply(_ namespace: Namespace, _ more: String...) throws -> CommandResult {
        try namespace.run([Project.program, "apply", "-f", Project.shopCluster, "--node-name", "node-a"] + more)
    }

    @Test("Apply, apply again and delete, with status in between")
    func lifeCycle() throws {
        let namespace = try Namespace()
        #expect(try namespace.ferrule("status").standardOutput.hasPrefix("nothing is applied"))
        #expect(try namespace.ferrule("delete").standardOutput == "nothing to delete\n")

        let check = try apply(namespace, "--check")
        #expect(check.status == 0 && check.standardOutput.hasPrefix("the kernel accepts 30 services with "))
        #expect(try namespace.output("nft", "list", "ruleset") == "")

        let applied = try apply(namespace)
        #expect(applied.status == 0 && applied.standardOutput.hasPrefix("applied 30 services with "))
        let listing = try Listing(of: namespace)
        let status = try namespace.ferrule("status").standardOutput
        #expect(status.contains("by ferrule ") && status.contains("services   30 with "))
        #expect(status.contains("table      ip ferrule: ") && status.contains("table      ip6 ferrule: "))

        try namespace.load("add chain ip ferrule mine")
        let again = try apply(namespace, "--replace", "--format", "json")
        #expect(again.status == 0 && again.standardError.contains("chain ip ferrule mine"))
        let report = try JSONSerialization.jsonObject(with: Data(again.standardOutput.utf8)) as? [String: Any]
        #expect(report?["applied"] as? Bool == true && report?["services"] as? Int == 30)
        #expect(try Listing(of: namespace).difference(from: listing) == [])
        let counts = { (status: String) in status.split(separator: "\n").dropFirst() }
        #expect(try counts(namespace.ferrule("status").standardOutput) == counts(status))

        #expect(try namespace.ferrule("delete").standardOutput == "deleted table ip ferrule and table ip6 ferrule\n")
        #expect(try namespace.output("nft", "list", "ruleset") == "")
    }

    @Test(
        "Where the tables stand as they should, and the record does not tell of them, it alone is sent",
        arguments: [
            "'$0' render $1 -q | nft -f -", "nft delete chain ip ferrule record", "nft delete chain ip6 ferrule record",
        ])
    func missingRecord(way: String) throws {
        let namespace = try Namespace("record")
        #expect(try apply(namespace).status == 0)
        let listing = try Listing(of: namespace)
        let input = "-f '\(Project.shopCluster)' --node-name node-a"
        let script = way.replacing("$0", with: Project.program).replacing("$1", with: input)
        #expect(try namespace.run(["bash", "-c", "set -o pipefail; " + script]).status == 0)
        let status = { try namespace.run([Project.program, "status", "--exit-code"]) }
        if way.contains("render") { #expect(try status().status == 1) }
        let words = "; the record of that was written anew; "
        for arguments in [["--check"], []] {
            let applied = try namespace.run(
                [Project.program, "apply", "-f", Project.shopCluster, "--node-name", "node-a"] + arguments)
            #expect(applied.status == 0 && applied.standardOutput.hasPrefix("nothing to change: 30 services with "))
            #expect(applied.standardOutput.contains(words) == arguments.isEmpty)
        }
        let told = try status()
        #expect(told.status == 0 && told.standardOutput.contains("drift      none"), "\(told.standardOutput)")
        #expect(try Listing(of: namespace).objects.sorted() == listing.objects.sorted())
        #expect(try !apply(namespace).standardOutput.contains(words))
    }

    @Test("A service without rules is in the record of the next apply") func servicesWithoutRules() throws {
        let namespace = try Namespace("record")
        #expect(try apply(namespace).status == 0)
        let folder = try TemporaryFolder()
        try folder.write(
            "{apiVersion: v1, kind: Service, metadata: {name: added}, spec: {type: ExternalName, externalName: a.example}}",
            to: "added.yaml")
        let more = try apply(namespace, "-f", folder.url.appending(path: "added.yaml").path)
        #expect(more.standardOutput.contains("; the record of that was written anew; "))
        #expect(try namespace.ferrule("status").standardOutput.contains(", 2 ExternalName\n"))
    }

    @Test(
        "Where the summary cannot be written the error says what was done all the same",
        arguments: [
            ("nftables", "the ruleset stands", "table ip ferrule and table ip6 ferrule deleted"),
            ("iptables", "the rules stand", "Ferrule's chains of iptables (nft) deleted"),
        ])
    func unwritableSummary(backend: String, applied: String, deleted: String) throws {
        let namespace = try Namespace()
        let program = Project.program
        let run = { (command: String) in
            try namespace.run(["bash", "-c", "'\(program)' \(command) --backend \(backend) -q >&-"])
        }
        let input = "-f '\(Project.shopCluster)' --node-name node-a"
        let problem = "standard output cannot be written: Bad file descriptor (EBADF, 9)\n"
        let check = try run("apply \(input) --check")
        #expect(check.status == 64 && check.standardError == "error: \(problem)")
        let apply = try run("apply \(input)")
        #expect(apply.status == 64 && apply.standardError == "error: \(applied), but \(problem)")
        let delete = try run("delete")
        #expect(delete.status == 64 && delete.standardError == "error: \(deleted), but \(problem)")
        let nothing = try run("delete")
        #expect(nothing.status == 64 && nothing.standardError == "error: \(problem)")
    }

    @Test("Tables that were loaded as text have a status without a record")
    func statusOfText() throws {
        let namespace = try Namespace()
        try namespace.load("table ip ferrule { chain mine { accept; }; }")
        let status = try namespace.ferrule("status").standardOutput
        #expect(status.contains("no record") && status.contains("1 chain, 1 rule, 0 sets, 0 elements"))
        let json = try namespace.ferrule("status", "--format", "json").standardOutput
        #expect(json.contains(#""name" : "ip ferrule""#))
    }

    @Test("Where there is no /proc, it is said", arguments: [["apply", "-f", "x"], ["run", "-f", "x"], ["status"]])
    func missingProc(arguments: [String]) throws {
        let result = try Namespace("proc").run(
            ["unshare", "--mount", "sh", "-c", #"mount -t tmpfs none /proc && exec "$0" "$@""#, Project.program]
                + arguments)
        #expect(result.status == 69)
        #expect(result.standardError == "error: the arguments cannot be read: /proc is not mounted here\n")
    }

    @Test("Definitions without anything left remove what was there")
    func appliesNothing() throws {
        let namespace = try Namespace()
        #expect(try apply(namespace).succeeded)
        let nothing = "apiVersion: v1\nkind: Namespace\nmetadata: { name: empty }\n"
        #expect(try namespace.ferrule("apply", "-f", "-", "--allow-empty", input: nothing).succeeded)
        #expect(try namespace.output("nft", "list", "ruleset") == "")
    }

    /// Services enough for a batch that is larger than a socket's default buffer.
    private static let large: String = {
        let services = (0..<4000).map { number in
            #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"service-\#(number)"},"#
                + #""spec":{"clusterIP":"10.96.\#(number / 200).\#(number % 200 + 1)","ports":[{"port":80}]}}"#
        }
        return #"{"apiVersion":"v1","kind":"List","items":["# + services.joined(separator: ",") + "]}"
    }()

    @Test(
        "Without CAP_NET_ADMIN: exit 77 and a sentence, and nothing happens",
        arguments: [
            ["status"], ["delete"], ["apply", "-f", Project.shopCluster, "--node-name", "node-a"],
            ["apply", "-f", Project.shopCluster, "--node-name", "node-a", "--check"], ["apply", "-f", "-"],
        ])
    func unprivileged(arguments: [String]) throws {
        let namespace = try Namespace()
        try namespace.load("table ip ferrule { chain mine { accept; }; }")
        let before = try namespace.output("nft", "-a", "list", "ruleset")
        let drop = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"]
        let result = try namespace.run(drop + [Project.program] + arguments, input: Self.large)
        #expect(result.status == 77)
        #expect(result.standardOutput == "")
        #expect(result.standardError.contains("CAP_NET_ADMIN"))
        #expect(try namespace.output("nft", "-a", "list", "ruleset") == before)
    }
}
