// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// What becomes of rules where commands of iptables meet, end or fail.
@Suite("Commands that use iptables, and what comes between", .needsNamespaces)
struct IPTablesFaultTests {
    /// A service of both families.
    private static func manifests(endpoint: Int) -> String {
        let slices = [("IPv4", "10.244.0.\(endpoint)"), ("IPv6", "fd00:10:244::\(endpoint)")].map { family, address in
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-\(family.lowercased()), namespace: test, labels: { kubernetes.io/service-name: web } }
            addressType: \(family)
            endpoints: [{ addresses: ["\(address)"], conditions: { ready: true } }]
            ports: [{ name: http, port: 8080, protocol: TCP }]

            """
        }
        return """
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: test }
            spec:
              ipFamilyPolicy: RequireDualStack
              ipFamilies: [IPv4, IPv6]
              clusterIP: 10.96.0.10
              clusterIPs: [10.96.0.10, "fd00:10:96::a"]
              ports: [{ name: http, port: 80, protocol: TCP }]
            ---
            \(slices.joined(separator: "---\n"))
            """
    }

    /// Runs a shell script while iptables-legacy-restore waits for its lock. `apply` is the command, `first` the process of one
    /// that waits and `program` that of iptables-legacy-restore; `go` lets it have the lock, and `settled` waits until a
    /// process is at the namespace's lock, or past it. What `apply` prints is in files.
    private func shell(_ node: IPTablesNode, _ script: String) throws -> CommandResult {
        let folder = try TemporaryFolder()
        try folder.write(IPTablesNode.manifests, to: "cluster.yaml")
        let prelude = """
            cd '\(folder.url.path)'
            export XTABLES_LOCKFILE=$PWD/lock
            apply() { exec '\(Project.program)' apply -f cluster.yaml --node-name node-a --node-ip 192.0.2.11 "$@" 9>&-; }
            go() { flock -u 9; }
            \(ShellWaiting.untilTrue)
            at_lock() { ls -l /proc/$1/fd | grep 'net:\\['; }
            at_work() { at_lock $1 || pgrep -P $1 -f restore; }
            settled() { until_true at_work $1; }
            exec 9> lock
            flock 9
            apply --backend iptables > first 2>&1 & first=$!
            until_true pgrep -P $first -f restore || exit 1
            program=$(pgrep -P $first -f restore)

            """
        return try node.namespace.run(["bash", "-c", prelude + script])
    }

    @Test("What one command begins, no other one works on")
    func exclusion() throws {
        let node = try IPTablesNode(.legacy)
        let result = try shell(
            node,
            """
            apply --backend iptables > second 2>&1 & second=$!
            apply > third 2>&1 & third=$!
            settled $second && settled $third || exit 1
            go
            wait $first && wait $second && cat second; wait $third; echo $?; cat third
            """)
        let lines = result.standardOutput.split(separator: "\n")
        #expect(lines.first?.hasPrefix("nothing to change: ") == true, "\(result)")
        #expect(lines.dropFirst().first == "75" && result.standardOutput.contains("chains of iptables stand here"))
        let rules = try node.ours()
        #expect(rules.count == Set(rules).count && rules.contains { $0.contains("-A PREROUTING") }, "\(rules)")
        #expect(try node.namespace.run(["nft", "list", "tables"]).standardOutput.contains("ferrule") == false)
    }

    @Test("A command that is ended takes the program with it that waits for its turn")
    func termination() throws {
        let node = try IPTablesNode(.legacy)
        let before = try node.rules()
        let result = try shell(node, "kill $first; wait $first; echo $?; kill -0 $program && echo stays; cat first")
        #expect(
            result.standardOutput == """
                143
                interrupted: some tables may have been changed: `ferrule status --backend iptables` tells

                """, "\(result)")
        #expect(try node.rules() == before)
    }

    /// A folder with programs of the legacy variant, of which one is another.
    private func programs(_ replaced: String, _ script: String?) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["iptables", "ip6tables"].flatMap({ ["\($0)-legacy-save", "\($0)-legacy-restore"] }) {
            let path = folder.url.appending(path: name).path
            if name != replaced {
                try FileManager.default.createSymbolicLink(
                    atPath: path, withDestinationPath: "/usr/sbin/xtables-legacy-multi")
            } else if let script {
                try folder.write("#!/bin/sh\n\(script)\n", to: name)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            }
        }
        return folder
    }

    private static func path(_ folder: borrowing TemporaryFolder) -> [String] {
        ["PATH=\(folder.url.path):/usr/sbin:/usr/bin:/bin"]
    }

    @Test("An apply that is half done is told, whichever half it is")
    func halfDone() throws {
        let node = try IPTablesNode(.legacy)
        let failing = try programs("ip6tables-legacy-restore", "cat > /dev/null; echo 'not today' >&2; exit 4")
        for endpoint in [6, 7] {
            let manifests = Self.manifests(endpoint: endpoint)
            let failed = try node.ferrule(
                "apply", "--backend", "iptables", manifests: manifests, variables: Self.path(failing))
            #expect(
                failed.status == 75 && failed.standardError.contains("failed: not today; some tables may have been"))
            #expect(try node.ferrule("status", "--backend", "iptables", "--exit-code").status == 1)
            let expected =
                endpoint == 6
                ? ["filter", "nat"].map { "ip6tables legacy, \($0): no chain of those that were applied" }
                : ["ip6tables legacy, nat: other chains than were applied with those of the record"]
            let (isDrifted, deviations) = try node.drift()
            #expect(isDrifted && deviations == expected, "\(deviations)")
            #expect(try node.ferrule("apply", "--backend", "iptables", manifests: manifests).succeeded)
            let status = try node.ferrule("status", "--backend", "iptables", "--exit-code")
            #expect(status.succeeded, "\(status)")
        }
    }

    @Test("A program that is missing is noticed before anything is changed")
    func missingProgram() throws {
        let node = try IPTablesNode(.legacy)
        let before = try node.rules()
        let folder = try programs("ip6tables-legacy-restore", nil)
        let result = try node.ferrule(
            "apply", "--backend", "iptables", manifests: Self.manifests(endpoint: 6), variables: Self.path(folder))
        let message = "there is no program \(folder.url.path)/ip6tables-legacy-restore beside the others of iptables; "
        #expect(result.status == 69 && result.standardError.contains(message + "nothing was changed"), "\(result)")
        #expect(try node.rules() == before)
    }

    @Test("A program that ends before it has read its input says why")
    func earlyEnd() throws {
        let node = try IPTablesNode(.legacy)
        let folder = try programs("iptables-legacy-restore", "exec <&-; sleep 0.2; echo 'no lock' >&2; exit 4")
        // More than the 64 KiB that a pipe holds.
        let manifests = (1...200).map { number in
            Manifests.service("s\(number)", "10.96.1.\(number)", "http 80/TCP")
                + "---\n" + Manifests.slice("s\(number)", ["10.244.0.6 node-a"], "http 8080/TCP")
        }.joined(separator: "---\n")
        let result = try node.ferrule(
            "apply", "--backend", "iptables", manifests: manifests, variables: Self.path(folder))
        #expect(result.status == 75 && result.standardError.contains("iptables-legacy-restore failed: no lock; "))
    }
}
