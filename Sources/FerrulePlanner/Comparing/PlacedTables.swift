// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The tables of one family on both sides, and those of nodes that differ from them.
struct PlacedTables {
    let actual: Table
    let wanted: Table
    let placedActual: [(place: NodePlace, table: Table)]
    let placedWanted: [(place: NodePlace, table: Table)]
}
