// SPDX-License-Identifier: Apache-2.0

internal import FerrulePlanner
internal import FerruleRuleset

/// What is sent to the kernel, in the JSON of `plan` and `apply`; docs/plan-json.md documents it.
struct KernelWorkJSON: Encodable {
    var elementsAdded: Int
    var elementsRemoved: Int
    var rulesAdded: Int
    var rulesRemoved: Int
    var setsAdded: Int
    var chainsAdded: Int
    var chainsRewritten: Int
    var objectsRemoved: Int
    var tablesMade: [String]
    var tablesRemoved: [String]

    init(_ work: KernelWork) {
        (elementsAdded, elementsRemoved) = (work.elementsAdded, work.elementsRemoved)
        (rulesAdded, rulesRemoved) = (work.rulesAdded, work.rulesRemoved)
        (setsAdded, chainsAdded, chainsRewritten) = (work.setsAdded, work.chainsAdded, work.chainsRewritten)
        objectsRemoved = work.objectsRemoved
        tablesMade = work.tablesMade.map(\.description)
        tablesRemoved = work.tablesRemoved.map(\.description)
    }
}
