// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Reads the elements of a set as the kernel lists them: ``ElementEncoder`` reversed. There may be a million of them, so
/// bytes are looked at where they stand in a message, and nothing is made of them but the elements.
struct ElementDecoder {
    private let family: IPFamily
    private let key: ConcatenationLayout
    private let value: ConcatenationLayout
    private let kind: Keys

    /// How elements tell their keys.
    private enum Keys {
        case single
        /// The ends of ranges are elements of their own.
        case ends
        /// Each has the key of its first and of its last address, which are the same but for this last value.
        case pairs
    }

    init(_ set: SetDefinition, _ family: IPFamily) {
        self.family = family
        kind = !set.isInterval ? .single : set.keyType.count == 1 ? .ends : .pairs
        // The last value of a pair is the range.
        key = ConcatenationLayout(kind == .pairs ? set.keyType.dropLast() : set.keyType, family)
        if case .data(let type) = set.valueType {
            value = ConcatenationLayout(type, family)
        } else {
            value = .none
        }
    }

    /// Where the parts of a listed element stand in its message.
    private struct Listed {
        var key = 0..<0
        /// Empty where there is none, as the others.
        var keyEnd = 0..<0
        var data = 0..<0
        var verdict = 0..<0
        var userData = 0..<0
        var isRangeEnd = false
        /// Whether something is done where it is found, as counting or limiting.
        var isActive = false
        /// In milliseconds.
        var timeout: UInt64 = 0
        var remaining: UInt64 = 0
    }

    /// Where a range of addresses begins, or the first address behind one.
    struct Boundary {
        let address: IPAddress
        let isEnd: Bool
    }

    /// Whether the set is listed by the boundaries of its ranges.
    var listsBoundaries: Bool { kind == .ends }

    /// Reads the elements of a message; returns how many there are besides that are nothing that Ferrule writes.
    func appendElements(of message: NetlinkMessage, to elements: inout [Element]) -> Int {
        var foreignCount = 0
        forEachElement(in: message.bytes.span) { listed, bytes in
            guard !listed.isActive, let key = key(listed, bytes), let value = value(listed, bytes) else {
                foreignCount += 1
                return
            }
            let comment = UserData.comment(in: bytes.extracting(listed.userData))
            elements.append(Element(key, value, comment: comment))
        }
        return foreignCount
    }

    /// The same of a set that is listed by boundaries.
    func appendBoundaries(of message: NetlinkMessage, to boundaries: inout [Boundary]) -> Int {
        var foreignCount = 0
        forEachElement(in: message.bytes.span) { listed, bytes in
            guard !listed.isActive, listed.key.count == family.addressBytes,
                let address = address(at: listed.key.lowerBound, bytes)
            else {
                foreignCount += 1
                return
            }
            boundaries.append(Boundary(address: address, isEnd: listed.isRangeEnd))
        }
        return foreignCount
    }

    /// Calls a function with each element of a message.
    private func forEachElement(in message: Span<UInt8>, _ body: (Listed, Span<UInt8>) -> Void) {
        var offset = NetlinkMessage.headerLength + NetlinkMessage.familyHeaderLength
        while let list = NetlinkAttribute(in: message, at: offset, end: message.count) {
            offset = list.behind
            guard list.type == Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) else { continue }
            var start = list.value.lowerBound
            while let element = NetlinkAttribute(in: message, at: start, end: list.end) {
                start = element.behind
                body(listed(element, message), message)
            }
        }
    }

    private func listed(_ element: NetlinkAttribute, _ message: Span<UInt8>) -> Listed {
        var listed = Listed()
        var offset = element.value.lowerBound
        while let part = NetlinkAttribute(in: message, at: offset, end: element.end) {
            offset = part.behind
            switch nft_set_elem_attributes(UInt32(part.type)) {
            case NFTA_SET_ELEM_KEY: listed.key = part.first(NFTA_DATA_VALUE, in: message)?.value ?? 0..<0
            case NFTA_SET_ELEM_KEY_END: listed.keyEnd = part.first(NFTA_DATA_VALUE, in: message)?.value ?? 0..<0
            case NFTA_SET_ELEM_DATA:
                if let data = part.first(NFTA_DATA_VALUE, in: message) {
                    listed.data = data.value
                } else {
                    listed.verdict = part.value
                }
            case NFTA_SET_ELEM_FLAGS:
                listed.isRangeEnd = part.number(in: message) & UInt64(NFT_SET_ELEM_INTERVAL_END.rawValue) != 0
            case NFTA_SET_ELEM_USERDATA: listed.userData = part.value
            case NFTA_SET_ELEM_TIMEOUT: listed.timeout = part.number(in: message)
            case NFTA_SET_ELEM_EXPIRATION: listed.remaining = part.number(in: message)
            case NFTA_SET_ELEM_EXPR, NFTA_SET_ELEM_EXPRESSIONS, NFTA_SET_ELEM_OBJREF: listed.isActive = true
            default: break
            }
        }
        return listed
    }

    private func address(at offset: Int, _ bytes: Span<UInt8>) -> IPAddress? {
        guard offset + family.addressBytes <= bytes.count else { return nil }
        return IPAddress(family, networkBytes: bytes.extracting(offset..<offset + family.addressBytes))
    }

    /// nil also for an element without a key, which stands for all other keys (`NFT_SET_ELEM_CATCHALL`).
    private func key(_ listed: Listed, _ bytes: Span<UInt8>) -> ElementKey? {
        guard kind == .pairs else { return values(key, listed.key, bytes) }
        let last = listed.keyEnd.upperBound - family.addressBytes
        guard listed.key.count == key.length + family.addressBytes, listed.keyEnd.count == listed.key.count,
            var values = key.values(at: listed.key.lowerBound, in: bytes),
            key.values(at: listed.keyEnd.lowerBound, in: bytes) == values,
            let first = address(at: listed.key.lowerBound + key.length, bytes), let last = address(at: last, bytes),
            let range = Prefix(from: first, through: last)
        else { return nil }
        values.append(.prefix(range))
        return values
    }

    private func values(_ layout: ConcatenationLayout, _ place: Range<Int>, _ bytes: Span<UInt8>) -> Concatenation? {
        place.count == layout.length && !place.isEmpty ? layout.values(at: place.lowerBound, in: bytes) : nil
    }

    private func value(_ listed: Listed, _ bytes: Span<UInt8>) -> ElementValue? {
        if !listed.verdict.isEmpty { return Verdict(attributes: listed.verdict, bytes).map(ElementValue.verdict) }
        if listed.data.isEmpty { return ElementValue.none }
        guard let data = values(value, listed.data, bytes) else { return nil }
        guard listed.timeout > 0 || listed.remaining > 0 else { return .data(data) }
        let lifetime = Lifetime(
            timeout: UInt32(clamping: listed.timeout), remaining: UInt32(clamping: listed.remaining))
        return .expiring(data, lifetime)
    }

    /// Puts starts and ends together. Ranges that are no prefix, which Ferrule never writes, are counted.
    func ranges(_ listed: [Boundary]) -> (elements: [Element], foreignCount: Int) {
        let boundaries = listed.sorted { $0.address == $1.address ? $0.isEnd && !$1.isEnd : $0.address < $1.address }
        var elements: [Element] = []
        var foreignCount = 0
        var start: IPAddress?
        func end(_ last: IPAddress) {
            guard let first = start else { return }
            if let range = Prefix(from: first, through: last) {
                elements.append(Element(.prefix(range)))
            } else {
                foreignCount += 1
            }
            start = nil
        }
        for boundary in boundaries {
            end(IPAddress(family, bits: boundary.address.bits &- 1))
            if !boundary.isEnd { start = boundary.address }
        }
        end(IPAddress(family, bits: .max))
        return (elements, foreignCount)
    }
}

extension NetlinkAttribute {
    /// The first attribute of a type within this one.
    func first(_ type: nft_data_attributes, in message: Span<UInt8>) -> NetlinkAttribute? {
        var offset = value.lowerBound
        while let part = NetlinkAttribute(in: message, at: offset, end: end) {
            if part.type == Int(type.rawValue) { return part }
            offset = part.behind
        }
        return nil
    }

    /// A number in network order, of at most 8 bytes.
    func number(in message: Span<UInt8>) -> UInt64 {
        value.prefix(8).reduce(0) { $0 << 8 | UInt64(message[$1]) }
    }

    /// The same of a message that is not lent.
    func number(in message: NetlinkMessage) -> UInt64 { number(in: message.bytes.span) }
}

extension NetlinkMessage {
    /// The number of 32 bits in the attribute of a type.
    func number(_ type: UInt32) -> UInt32? {
        attributes.first { $0.type == Int(type) }.map { UInt32(truncatingIfNeeded: $0.number(in: self)) }
    }
}

extension Verdict {
    /// The verdict within attributes that stand in a range of a message (`NFTA_DATA_VERDICT`); nil where there is none that
    /// Ferrule uses.
    init?(attributes: Range<Int>, _ message: Span<UInt8>) {
        guard
            let verdict = NetlinkAttribute(in: message, at: attributes.lowerBound, end: attributes.upperBound),
            verdict.type == Int(NFTA_DATA_VERDICT.rawValue)
        else { return nil }
        var code: UInt32 = 0
        var chain = ""
        var offset = verdict.value.lowerBound
        while let part = NetlinkAttribute(in: message, at: offset, end: verdict.end) {
            offset = part.behind
            switch nft_verdict_attributes(UInt32(part.type)) {
            case NFTA_VERDICT_CODE: code = UInt32(truncatingIfNeeded: part.number(in: message))
            case NFTA_VERDICT_CHAIN: chain = String(message.extracting(part.value), until: 0)
            default: break
            }
        }
        self.init(kernelNumber: code, chain: chain)
    }
}

extension String {
    /// Text up to a byte that ends it, or to the end of the bytes.
    init(_ bytes: Span<UInt8>, until last: UInt8) {
        let count = bytes.indices.first { bytes[$0] == last } ?? bytes.count
        self = unsafe bytes.extracting(0..<count).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
