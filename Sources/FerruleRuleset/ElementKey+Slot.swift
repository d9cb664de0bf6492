// SPDX-License-Identifier: Apache-2.0

/// The number of a slot in front of a key.
///
/// Where one map holds the endpoints of several slots, a key begins with the slot's number. It has the type of a port,
/// for nft knows no type for a plain number in a named map, and its old versions crash on one.
extension ElementKey {
    /// The key in a map of several slots; only ``service`` and ``port`` have one.
    package func inSlot(_ number: UInt16) -> ElementKey {
        switch self {
        case .service(let address, let transport, let port): .slot(address, transport, port, number)
        case .port(let transport, let port): .slot(nil, transport, port, number)
        case .address, .hairpin, .slot, .prefix, .serviceSource: self
        }
    }

    /// The ``service`` or ``port`` behind the slot's number; every other key as it is.
    package var withoutSlot: ElementKey {
        switch self {
        case .slot(let address?, let transport, let port, _): .service(address, transport, port)
        case .slot(nil, let transport, let port, _): .port(transport, port)
        case .address, .hairpin, .service, .port, .prefix, .serviceSource: self
        }
    }

    /// The number in front; nil in a map of one slot.
    package var slot: UInt16? { if case .slot(_, _, _, let number) = self { number } else { nil } }
}
