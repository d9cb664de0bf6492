// SPDX-License-Identifier: Apache-2.0

import Foundation
import NetworkLab
import Testing

/// What is confirmed stays, and until then nothing else may be applied.
@Suite("apply --confirm is confirmed", .needsNamespaces)
struct ConfirmedTests {
    @Test(
        "The new ruleset stays",
        arguments: [
            "(standing; until_true waits; echo) | after --confirm 20",
            "(standing; until_true waits; echo y) | after --confirm 20",
            "(standing; until_true waits; printf 'no\\nyes\\nn o\\n\\n'; sleep 1) | after --confirm 20",
            "after --confirm 20 </dev/null & standing && ferrule confirm && wait $!",
            "(standing; until_true waits; echo; sleep 1) | script -qec \"$after_command --confirm 20\" /dev/null",
        ])
    func stays(script: String) throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let result = try lab.shell(script)
        #expect(result.succeeded, "\(result.standardError)")
        #expect((result.standardOutput + result.standardError).contains("confirmed: the new ruleset stays"))
        let check = try lab.shell("has_after && has_ended && after")
        #expect(check.succeeded && check.standardOutput.contains("nothing to change"))
    }

    @Test("What is neither y nor n asks again, also with --quiet, and so does the question itself")
    func asksAgain() throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let result = try lab.shell("(standing; until_true waits; echo no; echo Y; echo y) | after --quiet --confirm 20")
        #expect(result.succeeded)
        let lines = result.standardError.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("keep this? Enter or y within 20 seconds keeps it"))
        for line in lines.dropFirst() {
            #expect(
                line.wholeMatch(
                    of: /that is neither y nor n: Enter or y keeps this, n puts .*; (20|1\d) seconds left/) != nil)
        }
        #expect(try lab.shell("has_after && has_ended").succeeded)
    }

    @Test("Where the summary cannot be written the question is asked all the same, and the exit code says so")
    func fullDisk() throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let result = try lab.shell("(standing; until_true waits; echo) | after --confirm 20 > /dev/full")
        #expect(result.status == 75)
        #expect(result.standardError.hasPrefix("error: the ruleset stands, but standard output cannot be written: "))
        #expect(result.standardError.hasSuffix("\nconfirmed: the new ruleset stays\n"))
        #expect(try lab.shell("has_after && has_ended").succeeded)
    }

    @Test("In JSON `applied` is told when it is known", arguments: [("y", 0, true), ("n", 75, false)])
    func json(answer: String, status: Int32, isApplied: Bool) throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let result = try lab.shell(
            "(standing; until_true waits; echo \(answer); sleep 1) | after --confirm 20 --format json")
        #expect(result.status == status, "\(result.standardError)")
        let object = try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any]
        #expect(object?["applied"] as? Bool == isApplied && object?["changed"] as? Bool == true)
    }

    @Test("What waits for the answer is called by its name")
    func name() throws {
        let result = try ConfirmLab().shell(
            "(after --confirm 20 </dev/null & until_true waits; cat /proc/$(watchdog)/comm; ferrule confirm -q; wait)")
        #expect(result.standardOutput.contains("\nferrule\n"), "\(result)")
    }

    @Test("Nothing to reject: exit 75")
    func nothingToReject() throws {
        let result = try ConfirmLab().shell("ferrule confirm --reject")
        #expect(result.status == 75 && result.standardError.contains("nothing waits for a confirmation here"))
    }

    @Test("Meanwhile apply and delete are refused, and status says what is waited for")
    func refusesOthers() throws {
        let lab = try ConfirmLab()
        try lab.applyBefore()
        let result = try lab.shell(
            """
            after --confirm 60 </dev/null >/dev/null 2>&1 & standing && until_true waits
            before; echo "apply $?"
            before --confirm 1; echo "confirmed apply $?"
            ferrule delete; echo "delete $?"
            before --check >/dev/null; echo "check $?"
            ferrule status --format json | grep -c secondsToConfirm
            ferrule confirm && wait $!; echo "end $?"
            ferrule confirm; echo "again $?"
            before >/dev/null; echo "apply $?"
            """)
        let lines = result.standardOutput.split(separator: "\n")
        #expect(
            lines == [
                "apply 75", "confirmed apply 75", "delete 75", "check 0", "1", "confirmed: the new ruleset stays",
                "end 0", "again 75", "apply 0",
            ])
        #expect(result.standardError.contains("an earlier apply waits for its confirmation; nothing was changed"))
        #expect(result.standardError.contains("nothing waits for a confirmation here"))
    }

    @Test("Nothing to change needs no confirmation")
    func nothingToChange() throws {
        let lab = try ConfirmLab()
        #expect(try lab.shell("after && after --confirm 60 && has_ended").succeeded)
    }

    @Test("Without CAP_NET_ADMIN: exit 77, and nothing is left waiting")
    func unprivileged() throws {
        let lab = try ConfirmLab()
        let drop = "setpriv --bounding-set -net_admin --inh-caps -net_admin"
        #expect(try lab.shell("eval \(drop) $after_command --confirm 5").status == 77)
        #expect(try lab.shell("has_ended").succeeded)
    }
}
