// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Puts elements into a set handle, in the kernel's byte order: parts of keys and values are padded to 4 bytes and in
/// network order.
enum ElementEncoder {
    /// - Parameter keysOnly: leave values and comments out, as for elements to remove.
    static func add(
        _ set: SetDefinition, in family: IPFamily, keysOnly: Bool = false, to handle: borrowing SetHandle
    ) throws(NetlinkError) {
        if set.isInterval, set.keyType.count == 1 { return try addRanges(set.elements, in: family, to: handle) }
        var scratch: [UInt8] = []
        scratch.reserveCapacity(256)
        for element in set.elements {
            let entry = try SetElementHandle()
            scratch.removeAll(keepingCapacity: true)
            element.key.appendBytes(to: &scratch)
            try entry.set(NFTNL_SET_ELEM_KEY, bytes: scratch)
            if case .serviceSource(let address, let transport, let port, let source) = element.key {
                scratch.removeAll(keepingCapacity: true)
                ElementKey.service(address, transport, port).appendBytes(to: &scratch)
                source.lastAddress.appendBytes(to: &scratch)
                try entry.set(NFTNL_SET_ELEM_KEY_END, bytes: scratch)
            }
            guard !keysOnly else {
                handle.add(entry)
                continue
            }
            switch element.value {
            case .none: break
            case .verdict(let verdict): try entry.setVerdict(verdict)
            case .target(let address, let port), .remembered(let address, let port, _):
                scratch.removeAll(keepingCapacity: true)
                address.appendBytes(to: &scratch)
                port.appendPaddedBytes(to: &scratch)
                try entry.set(NFTNL_SET_ELEM_DATA, bytes: scratch)
                if case .remembered(_, _, let lifetime) = element.value { entry.setLifetime(lifetime) }
            }
            if let comment = element.comment {
                scratch.removeAll(keepingCapacity: true)
                UserData.appendComment(comment, to: &scratch)
                try entry.set(NFTNL_SET_ELEM_USERDATA, bytes: scratch)
            }
            handle.add(entry)
        }
    }

    /// The elements of an anonymous map: verdict number i under the integer i, which is in host order.
    static func add(_ verdicts: [Verdict], to handle: borrowing SetHandle) throws(NetlinkError) {
        for (index, verdict) in verdicts.enumerated() {
            let entry = try SetElementHandle()
            try entry.set(NFTNL_SET_ELEM_KEY, bytes: bytes(UInt32(index)))
            try entry.setVerdict(verdict)
            handle.add(entry)
        }
    }

    /// A range is a start and, flagged as such, the first address behind it; nft puts an end before the first range
    /// too, unless that starts at zero.
    private static func addRanges(
        _ elements: [Element], in family: IPFamily, to handle: borrowing SetHandle
    ) throws(NetlinkError) {
        for (index, element) in elements.enumerated() {
            guard case .prefix(let range) = element.key else { continue }
            if index == 0, !range.address.isUnspecified {
                try addBoundary(IPAddress(family, bits: 0), isEnd: true, to: handle)
            }
            let behind = IPAddress(family, bits: range.lastAddress.bits &+ 1)
            try addBoundary(range.address, isEnd: false, isOpen: behind.isUnspecified, to: handle)
            if !behind.isUnspecified { try addBoundary(behind, isEnd: true, to: handle) }
        }
    }

    private static func addBoundary(
        _ address: IPAddress, isEnd: Bool, isOpen: Bool = false, to handle: borrowing SetHandle
    ) throws(NetlinkError) {
        let entry = try SetElementHandle()
        var key: [UInt8] = []
        address.appendBytes(to: &key)
        try entry.set(NFTNL_SET_ELEM_KEY, bytes: key)
        if isEnd { entry.setIntervalEnd() }
        if isOpen { try entry.set(NFTNL_SET_ELEM_USERDATA, bytes: UserData.openRange) }
        handle.add(entry)
    }
}

extension ElementKey {
    fileprivate func appendBytes(to bytes: inout [UInt8]) {
        switch self {
        case .address(let address): address.appendBytes(to: &bytes)
        case .hairpin(let address):
            address.appendBytes(to: &bytes)
            address.appendBytes(to: &bytes)
        case .service(let address, let transport, let port):
            address.appendBytes(to: &bytes)
            transport.appendPaddedBytes(to: &bytes)
            port.appendPaddedBytes(to: &bytes)
        case .port(let transport, let port):
            transport.appendPaddedBytes(to: &bytes)
            port.appendPaddedBytes(to: &bytes)
        case .slot(let slot, _, _, _):
            slot.appendPaddedBytes(to: &bytes)
            withoutSlot.appendBytes(to: &bytes)
        case .prefix(let range): range.address.appendBytes(to: &bytes)
        case .serviceSource(let address, let transport, let port, let source):
            ElementKey.service(address, transport, port).appendBytes(to: &bytes)
            source.address.appendBytes(to: &bytes)
        }
    }
}

extension TransportProtocol {
    fileprivate func appendPaddedBytes(to bytes: inout [UInt8]) {
        bytes.append(rawValue)
        for _ in 0..<3 { bytes.append(0) }
    }
}

extension Port {
    fileprivate func appendPaddedBytes(to bytes: inout [UInt8]) { number.appendPaddedBytes(to: &bytes) }
}

extension UInt16 {
    /// Appends the number in network order, padded to a word.
    fileprivate func appendPaddedBytes(to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: self >> 8))
        bytes.append(UInt8(truncatingIfNeeded: self))
        for _ in 0..<2 { bytes.append(0) }
    }
}
