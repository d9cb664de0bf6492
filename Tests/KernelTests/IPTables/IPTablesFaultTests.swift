// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// What becomes of rules where commands of iptables meet, end or fail.
@Suite("Commands that use iptables, and what comes between", .needsNamespaces)
struct IPTablesFaultTests {
    /// Runs a shell script while iptables-legacy-restore waits for its lock. `apply` is the command, `first` the process of one
    /// that waits; `go` lets it have the lock, and `settled` waits until a
    /// process is at the namespace's lock, or past it. What `apply` prints is in files.
    private func shell(_ node: IPTablesNode, _ script: String) throws -> CommandResult {
        let folder = try TemporaryFolder()
        try folder.write(IPTablesNode.manifests, to: "cluster.yaml")
        let prelude = """
            cd '\(folder.url.path)'
            export XTABLES_LOCKFILE=$PWD/lock
            apply() { exec '\(Project.program)' apply -f cluster.yaml --node-name node-a --node-ip 192.0.2.11 "$@" 9>&-; }
            go() { flock -u 9; }
            until_true() { for _ in $(seq 100); do if "$@" > /dev/null; then return 0; fi; sleep 0.05; done; }
            at_lock() { ls -l /proc/$1/fd | grep 'net:\\['; }
            at_work() { at_lock $1 || pgrep -P $1 -f restore; }
            settled() { until_true at_work $1; }
            exec 9> lock
            flock 9
            apply --backend iptables > first 2>&1 & first=$!
            until_true pgrep -P $first -f restore

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
            settled $second && settled $third
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
}
