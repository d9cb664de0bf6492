// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// The elements of a set, or those to remove from it, in the kernel's byte order: parts of keys and values are padded to 4
/// bytes and in network order. They are made one by one as they are written: libnftnl takes some 400 bytes for one.
struct ElementEncoder {
    private enum Content {
        case elements([Element], keysOnly: Bool)
        case boundaries([Boundary])
        /// Those of an anonymous map.
        case verdicts([Verdict])
    }

    /// Where a range starts, or as `isEnd` the first address behind one.
    private struct Boundary {
        let address: IPAddress
        var isEnd = false
        /// Whether the range that starts has no end.
        var isOpen = false
    }

    private let content: Content
    /// The positions of the elements: those of the set's list, or a part of them.
    let positions: Range<Int>
    /// Whether elements have two keys, for the first and the last address of a range.
    private let areRanges: Bool
    private let key: ConcatenationLayout
    private let value: ConcatenationLayout
    private var scratch: [UInt8] = []

    /// - Parameters:
    ///   - positions: of the set's elements, where it is not all of them; ranges are written all at once.
    ///   - keysOnly: leave values and comments out, as for elements to remove.
    init(_ set: SetDefinition, _ positions: Range<Int>? = nil, in family: IPFamily, keysOnly: Bool = false) {
        if set.isInterval, set.keyType.count == 1 {
            let boundaries = Self.boundaries(set.elements, family)
            (content, self.positions) = (.boundaries(boundaries), boundaries.indices)
        } else {
            content = .elements(set.elements, keysOnly: keysOnly)
            self.positions = positions ?? set.elements.indices
        }
        areRanges = set.isInterval
        key = ConcatenationLayout(set.keyType, family)
        if case .data(let type) = set.valueType {
            value = ConcatenationLayout(type, family)
        } else {
            value = .none
        }
    }

    /// The elements of an anonymous map: verdict number i under the integer i, which is in host order.
    init(_ verdicts: [Verdict]) {
        (content, areRanges, key, value) = (.verdicts(verdicts), false, .none, .none)
        positions = verdicts.indices
    }

    /// The element at one of the ``positions``.
    mutating func element(at position: Int) throws(NetlinkError) -> SetElementHandle {
        let entry = try SetElementHandle()
        switch content {
        case .elements(let elements, let keysOnly): try fill(entry, elements[position], keysOnly)
        case .boundaries(let boundaries): try fill(entry, boundaries[position])
        case .verdicts(let verdicts):
            try entry.set(NFTNL_SET_ELEM_KEY, bytes: bytes(UInt32(position)))
            try entry.setVerdict(verdicts[position])
        }
        return entry
    }

    private mutating func fill(
        _ entry: borrowing SetElementHandle, _ element: Element, _ keysOnly: Bool
    ) throws(NetlinkError) {
        if areRanges {
            let ends = element.key.ends
            try set(entry, NFTNL_SET_ELEM_KEY, ends.first, key)
            try set(entry, NFTNL_SET_ELEM_KEY_END, ends.last, key)
        } else {
            try set(entry, NFTNL_SET_ELEM_KEY, element.key, key)
        }
        guard !keysOnly else { return }
        switch element.value {
        case .none: break
        case .verdict(let verdict): try entry.setVerdict(verdict)
        case .data(let data): try set(entry, NFTNL_SET_ELEM_DATA, data, value)
        case .expiring(let data, let lifetime):
            try set(entry, NFTNL_SET_ELEM_DATA, data, value)
            entry.setLifetime(lifetime)
        }
        if let comment = element.comment {
            scratch.removeAll(keepingCapacity: true)
            UserData.appendComment(comment, to: &scratch)
            try entry.set(NFTNL_SET_ELEM_USERDATA, bytes: scratch)
        }
    }

    private mutating func set(
        _ entry: borrowing SetElementHandle, _ attribute: Int, _ values: Concatenation, _ layout: ConcatenationLayout
    ) throws(NetlinkError) {
        scratch.removeAll(keepingCapacity: true)
        layout.append(values, to: &scratch)
        try entry.set(attribute, bytes: scratch)
    }

    private mutating func fill(_ entry: borrowing SetElementHandle, _ boundary: Boundary) throws(NetlinkError) {
        scratch.removeAll(keepingCapacity: true)
        boundary.address.appendBytes(to: &scratch)
        try entry.set(NFTNL_SET_ELEM_KEY, bytes: scratch)
        if boundary.isEnd { entry.setIntervalEnd() }
        if boundary.isOpen { try entry.set(NFTNL_SET_ELEM_USERDATA, bytes: UserData.openRange) }
    }

    /// A range is a start and, flagged as such, the first address behind it; nft puts an end before the first range
    /// too, unless that starts at zero.
    private static func boundaries(_ elements: [Element], _ family: IPFamily) -> [Boundary] {
        var boundaries: [Boundary] = []
        for (index, element) in elements.enumerated() {
            guard let range = element.key.prefix else { continue }
            if index == 0, !range.address.isUnspecified {
                boundaries.append(Boundary(address: IPAddress(family, bits: 0), isEnd: true))
            }
            let behind = IPAddress(family, bits: range.lastAddress.bits &+ 1)
            boundaries.append(Boundary(address: range.address, isOpen: behind.isUnspecified))
            if !behind.isUnspecified { boundaries.append(Boundary(address: behind, isEnd: true)) }
        }
        return boundaries
    }
}
