// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

extension Table {
    /// The set of a purpose, if rules that packets come to ask for it: others may have been left over.
    func set(_ purpose: SetPurpose, _ reached: Reachability) -> SetDefinition? {
        sets.first { $0.purpose == purpose && reached.sets.contains($0.name) }
    }
}
