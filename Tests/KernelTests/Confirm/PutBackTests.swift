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
                sleep 6 | exec script -qec "$after_command --confirm 2" /dev/null >/dev/null & standing
                pkill -KILL -P $$ -x script; ended
                """),
        Ending(
            testDescription: "n is typed at the prompt",
            script: "(standing; until_true waits; echo n; sleep 1) | after --confirm 60", status: 75),
        Ending(
            testDescription: "another command rejects",
            script: """
                after --confirm 60 </dev/null & standing && until_true waits
                ferrule confirm --reject || exit 1; wait $!
                """, status: 75),
        Ending(
            testDescription: "Ctrl-C, and then another command rejects",
            script: """
                (standing; until_true waits; printf '\\003'; sleep 2) |
                    script -qec "$after_command --confirm 60" /dev/null > /dev/null
                until_true waits && ferrule confirm --reject && ! has_after
                """),
        Ending(
            testDescription: "the watchdog is asked to end",
            script: """
                after --confirm 60 </dev/null & standing && until_true waits
                kill -TERM $(watchdog) || exit 1; wait $!
                """, status: 75),
        Ending(
            testDescription: "the watchdog is killed, and the apply puts back itself",
            script: """
                after --confirm 60 </dev/null & standing && until_true waits
                kill -KILL $(watchdog) || exit 1; wait $!
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

    @Test("Ctrl-C says what becomes, and ends the apply as a signal does")
    func interrupted() throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let result = try lab.shell(
            """
            (standing; until_true waits; printf '\\003'; sleep 1) |
                script -qec "trap 'echo trapped' INT; $after_command --confirm 60; echo \\"exit \\$?\\"" /dev/null
            ferrule confirm --reject
            """)
        let words = "interrupted: the previous ruleset is put back in "
        #expect(result.standardOutput.contains(words), "\(result.standardOutput)")
        #expect(result.standardOutput.contains(" seconds, unless `ferrule confirm` is run; `ferrule confirm --reject`"))
        #expect(result.standardOutput.contains("exit 130"))
        #expect(result.standardOutput.contains("rejected: the previous ruleset is back"))
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
        #expect(result.standardError.contains("rule 2 in chain ip ferrule nat-prerouting; nothing was changed"))
        #expect(try lab.contents() == before)
    }
}
