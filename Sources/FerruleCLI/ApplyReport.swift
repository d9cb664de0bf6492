// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerrulePlanner

/// What `ferrule apply` says at the end, with nftables.
struct ApplyReport {
    var summary: ApplySummary
    let outcome: Applier.Outcome

    var text: String {
        let others = summary.others(outcome.tidying)
        guard !outcome.isChanged else {
            return summary.changed(judge: "the kernel", [outcome.work.wordsWithElements] + others)
        }
        let record = outcome.isRecordedAnew ? ["the record of that was written anew"] : []
        return summary.unchanged((record + others).map { "; \($0)" })
    }

    var json: String {
        get throws {
            struct JSON: Encodable {
                var elementsAdded: Int
                var elementsRemoved: Int
                var kernel: KernelWorkJSON
            }
            let own = JSON(
                elementsAdded: outcome.work.elementsAdded, elementsRemoved: outcome.work.elementsRemoved,
                kernel: KernelWorkJSON(outcome.work))
            return try JSONText.encode(
                JSONMembers(summary.json(isChanged: outcome.isChanged, outcome.tidying), own))
        }
    }
}
