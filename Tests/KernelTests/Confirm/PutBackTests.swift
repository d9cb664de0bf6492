// SPDX-License-Identifier: Apache-2.0

import NetworkLab
import Testing

/// What is not confirmed is undone, however the apply ends.
@Suite("apply --confirm puts back", .needsNamespaces)
struct PutBackTests {
    /// A way in which nobody confirms, as a script that ends when it is over.
    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        /// What the apply exits with; nil where the script does not see it.
        var status: Int32?
    }

    private static let endings = [
        Ending(testDescription: "the time runs out", script: "after --confirm 1 </dev/null", status: 75),
        Ending(testDescription: "rebuilt tables, the time runs out", script: "after --replace --confirm 1", status: 75),
        Ending(
            testDescription: "the apply is killed as soon as the ruleset stands",
            script: "eval exec $after_command --confirm 2 </dev/null & standing && kill -9 $! && ended"),
        Ending(
            testDescription: "the apply is interrupted",
            script: "eval exec $after_command --confirm 2 </dev/null & standing && kill -TERM $! && ended"),
        Ending(
            testDescription: "the terminal goes away",
            script: """
                sleep 20 | exec script -qec "$after_command --confirm 2" /dev/null >/dev/null & standing
                pkill -KILL -P $$ -x script; ended
                """),
        Ending(
            testDescription: "the watchdog is asked to end",
            script: """
                after --confirm 60 </dev/null & standing && until_true waits
                for p in $(ip netns pids "$(ip netns identify $$)"); do
                    if grep -qa confirmation-watchdog /proc/$p/cmdline; then kill -TERM $p; fi
                done; wait $!
                """, status: 75),
        Ending(
            testDescription: "the watchdog is killed, and the apply puts back itself",
            script: """
                after --confirm 60 </dev/null & standing && until_true waits
                for p in $(ip netns pids "$(ip netns identify $$)"); do
                    if grep -qa confirmation-watchdog /proc/$p/cmdline; then kill -KILL $p; fi
                done; wait $!
                """, status: 75),
    ]

    @Test("Exactly what was there is there again", arguments: endings)
    func exact(ending: Ending) throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let before = try lab.contents()
        let statusBefore = try lab.namespace.ferrule("status").standardOutput
        let result = try lab.shell(ending.script)
        if let status = ending.status {
            #expect(result.status == status, "\(result.standardError)")
            #expect(result.standardError.contains("the previous ruleset was put back"))
        } else {
            #expect(result.succeeded, "\(result.standardError)")
        }
        #expect(try lab.contents() == before)
        #expect(try lab.namespace.ferrule("status").standardOutput == statusBefore)
        #expect(try (3500...3600).contains(lab.secondsLeft() ?? 0))
    }

    @Test("Where nothing was, the tables are deleted again")
    func nothingBefore() throws {
        let lab = try ConfirmLab()
        #expect(try lab.shell("after --confirm 1").status == 75)
        #expect(try lab.namespace.output("nft", "list", "ruleset") == "")
    }

    @Test("What somebody else wrote could not be put back, so nothing is changed")
    func refusesForeignRules() throws {
        let lab = try ConfirmLab()
        #expect(try lab.shell("before && nft add rule ip ferrule nat-prerouting counter").succeeded)
        let before = try lab.contents()
        let result = try lab.shell("after --confirm 1")
        #expect(result.status == 75)
        #expect(result.standardError.contains("rule in chain ip ferrule nat-prerouting; nothing was changed"))
        #expect(try lab.contents() == before)
    }
}
