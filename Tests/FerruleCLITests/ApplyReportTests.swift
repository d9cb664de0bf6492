// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork
import FerrulePlanner
import FerruleRuleset
import Foundation
import Testing

import FerruleNode
@testable import FerruleCLI

/// What `ferrule apply` says at the end.
struct ApplyReportTests {
    private func report(
        _ warnings: [Diagnostic] = [], _ change: (inout Applier.Outcome) -> Void
    ) -> ApplyReport {
        var summary = Summary()
        (summary.services, summary.endpoints) = (30, 99)
        var outcome = Applier.Outcome()
        change(&outcome)
        return ApplyReport(
            summary: ApplySummary(
                isCheck: false, summary: summary, parse: 30, compile: 4, kernel: 20, warnings: warnings),
            outcome: outcome)
    }

    private static let times = "parse 30 ms, compile 4 ms, kernel 20 ms"

    @Test("tracked connections that were removed are counted by protocol, if there were any")
    func text() {
        let changed = report { outcome in
            (outcome.isChanged, outcome.work.elementsAdded, outcome.work.elementsRemoved) = (true, 2, 1)
        }
        #expect(changed.text == "applied 30 services with 99 endpoints: +2 -1 elements; " + Self.times)
        let tidied = report { outcome in
            (outcome.isChanged, outcome.work.elementsAdded) = (true, 2)
            outcome.tidying.removedFlows = [.tcp: 1, .udp: 2]
        }
        #expect(
            tidied.text == "applied 30 services with 99 endpoints: +2 -0 elements, "
                + "3 tracked connections removed (2 udp, 1 tcp); " + Self.times)
        let same = report { $0.tidying.removedFlows = [.sctp: 1] }
        #expect(
            same.text == "nothing to change: 30 services with 99 endpoints stand in the kernel already; "
                + "1 tracked connection removed (1 sctp); " + Self.times)
    }

    @Test("a repair of chains alone is told, and so is that no element changes")
    func repair() throws {
        let report = report { outcome in
            (outcome.isChanged, outcome.work.chainsRewritten, outcome.work.rulesAdded) = (true, 66, 70)
        }
        #expect(
            report.text == "applied 30 services with 99 endpoints: +0 -0 elements, 66 chains with other rules, "
                + "+70 -0 rules; " + Self.times)
        let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        let kernel = object?["kernel"] as? [String: Any]
        #expect(kernel?["chainsRewritten"] as? Int == 66 && kernel?["rulesAdded"] as? Int == 70)
    }

    @Test("JSON has the number, and what could not be done")
    func json() throws {
        let report = report([Diagnostic(.warning, "a chain stays", hint: "it is empty")]) { outcome in
            outcome.isChanged = true
            outcome.tidying.removedFlows = [.tcp: 1, .udp: 2]
            outcome.tidying.problems = ["tracked connections could not be looked through"]
        }
        let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        #expect(object?["flowsRemoved"] as? Int == 3)
        #expect(object?["warnings"] as? [String] == ["a chain stays"] + report.outcome.tidying.problems)
    }
}
