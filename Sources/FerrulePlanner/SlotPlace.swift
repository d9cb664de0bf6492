// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// Where one endpoint of a service stands.
struct SlotPlace: Hashable {
    /// The map that tells the address of the part; nil where endpoints stand under the service's own key.
    let parts: SetName?
    let map: SetName
}
