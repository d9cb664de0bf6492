// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// A plan in numbers.
package struct KernelWork: Sendable, Hashable {
    package var elementsAdded = 0
    package var elementsRemoved = 0
    package var chainsAdded = 0
    /// Sets and maps.
    package var setsAdded = 0
    /// Chains that stay and get other rules.
    package var chainsRewritten = 0
    /// Chains and sets of somebody else.
    package var objectsRemoved = 0
    /// Tables that are made, or made anew.
    package var tablesMade: [TableName] = []
    package var tablesRemoved: [TableName] = []

    package init(_ plan: Plan) {
        elementsAdded = plan.elementsAdded
        elementsRemoved = plan.elementsRemoved
        var deleted: [TableName] = []
        var flushed: [ChainName] = []
        for operation in plan.operations {
            switch operation {
            case .addTable(let table):
                if deleted.contains(table) {
                    deleted.removeAll { $0 == table }
                    tablesMade.append(table)
                }
            case .deleteTable(let table): deleted.append(table)
            case .addSet: setsAdded += 1
            case .addChain: chainsAdded += 1
            case .flushChain(_, let chain): flushed.append(chain)
            case .deleteSet: objectsRemoved += 1
            case .deleteChain(_, let chain):
                objectsRemoved += 1
                flushed.removeAll { $0 == chain }
            case .addElements, .deleteElements, .flushSet, .addRule: break
            }
        }
        chainsRewritten = flushed.count
        tablesRemoved = deleted
    }

    package var isEmpty: Bool {
        elementsAdded + elementsRemoved + chainsAdded + setsAdded + chainsRewritten + objectsRemoved == 0
            && tablesMade.isEmpty && tablesRemoved.isEmpty
    }
}
