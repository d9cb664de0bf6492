// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Reads the elements of a set as the kernel lists them: ``ElementEncoder`` reversed. There may be a million of them, so
/// bytes are looked at where they stand in a message, and nothing is made of them but the elements.
struct ElementDecoder {
    private let family: IPFamily
    private let keys: Keys

    /// What the elements of a set are found by.
    private enum Keys {
        case address, hairpin, port, service, serviceSource
        /// Listed by their ends.
        case prefix

        init?(_ type: [SetDefinition.DataType], _ kind: SetDefinition.Kind) {
            switch (type, kind) {
            case ([.address], .interval): self = .prefix
            case ([.address], _): self = .address
            case ([.address, .address], _): self = .hairpin
            case ([.transportProtocol, .port], _): self = .port
            case ([.address, .transportProtocol, .port], _): self = .service
            case ([.address, .transportProtocol, .port, .address], _): self = .serviceSource
            default: return nil
            }
        }
    }

    /// nil for a kind of set that Ferrule never makes.
    init?(family: IPFamily, keyType: [SetDefinition.DataType], kind: SetDefinition.Kind) {
        guard let keys = Keys(keyType, kind) else { return nil }
        (self.family, self.keys) = (family, keys)
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
        /// In milliseconds.
        var timeout: UInt64 = 0
        var remaining: UInt64 = 0
    }

    /// The elements, sorted by key; nil if one of them is nothing that Ferrule writes.
    func elements(_ messages: [NetlinkMessage]) -> [Element]? {
        if case .prefix = keys { return prefixes(messages) }
        var elements: [Element] = []
        for message in messages {
            let areKnown = forEachElement(in: message.bytes.span) { listed, bytes in
                guard let key = key(listed, bytes), let value = value(listed, bytes) else { return false }
                let comment = UserData.comment(in: bytes.extracting(listed.userData))
                elements.append(Element(key, value, comment: comment))
                return true
            }
            guard areKnown else { return nil }
        }
        return elements.map { $0.key }.ascendingPositions.map { elements[$0] }
    }

    private func prefixes(_ messages: [NetlinkMessage]) -> [Element]? {
        var boundaries: [(address: IPAddress, isEnd: Bool)] = []
        for message in messages {
            let areKnown = forEachElement(in: message.bytes.span) { listed, bytes in
                guard listed.key.count == keyLength, let address = address(at: listed.key.lowerBound, bytes) else {
                    return false
                }
                boundaries.append((address, listed.isRangeEnd))
                return true
            }
            guard areKnown else { return nil }
        }
        return ranges(boundaries)
    }

    /// Calls a function with each element of a message, until it returns false; whether it never did.
    private func forEachElement(
        in message: Span<UInt8>, _ body: (Listed, Span<UInt8>) -> Bool
    ) -> Bool {
        var offset = NetlinkMessage.headerLength + NetlinkMessage.familyHeaderLength
        while let list = NetlinkAttribute(in: message, at: offset, end: message.count) {
            offset = list.behind
            guard list.type == Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) else { continue }
            var start = list.value.lowerBound
            while let element = NetlinkAttribute(in: message, at: start, end: list.end) {
                start = element.behind
                guard body(listed(element, message), message) else { return false }
            }
        }
        return true
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
            default: break
            }
        }
        return listed
    }

    private func address(at offset: Int, _ bytes: Span<UInt8>) -> IPAddress? {
        guard offset + family.addressBytes <= bytes.count else { return nil }
        return IPAddress(family, networkBytes: bytes.extracting(offset..<offset + family.addressBytes))
    }

    private func transport(at offset: Int, _ bytes: Span<UInt8>) -> TransportProtocol? {
        offset < bytes.count ? TransportProtocol(rawValue: bytes[offset]) : nil
    }

    private func port(at offset: Int, _ bytes: Span<UInt8>) -> Port? {
        offset + 2 <= bytes.count ? Port(Int(bytes[offset]) << 8 | Int(bytes[offset + 1])) : nil
    }

    /// How long a key is: its parts are padded to 4 bytes each.
    private var keyLength: Int {
        switch keys {
        case .address, .prefix: family.addressBytes
        case .hairpin: 2 * family.addressBytes
        case .port: 8
        case .service: family.addressBytes + 8
        case .serviceSource: 2 * family.addressBytes + 8
        }
    }

    /// nil also for an element without a key, which stands for all other keys (`NFT_SET_ELEM_CATCHALL`).
    private func key(_ listed: Listed, _ bytes: Span<UInt8>) -> ElementKey? {
        guard listed.key.count == keyLength else { return nil }
        let start = listed.key.lowerBound
        let behindAddress = start + family.addressBytes
        switch keys {
        case .address: return address(at: start, bytes).map(ElementKey.address)
        case .hairpin:
            guard let first = address(at: start, bytes), first == address(at: behindAddress, bytes) else { return nil }
            return .hairpin(first)
        case .port: return port(startingAt: start, bytes)
        case .service: return service(startingAt: start, bytes)
        case .serviceSource:
            guard let service = address(at: start, bytes), let transport = transport(at: behindAddress, bytes),
                let port = port(at: behindAddress + 4, bytes), let first = address(at: behindAddress + 8, bytes),
                listed.keyEnd.count >= family.addressBytes,
                let last = address(at: listed.keyEnd.upperBound - family.addressBytes, bytes),
                let range = Prefix(from: first, through: last)
            else { return nil }
            return .serviceSource(service, transport, port, range)
        case .prefix: return nil
        }
    }

    private func port(startingAt start: Int, _ bytes: Span<UInt8>) -> ElementKey? {
        guard let transport = transport(at: start, bytes), let port = port(at: start + 4, bytes) else { return nil }
        return .port(transport, port)
    }

    private func service(startingAt start: Int, _ bytes: Span<UInt8>) -> ElementKey? {
        let behindAddress = start + family.addressBytes
        guard let address = address(at: start, bytes), let transport = transport(at: behindAddress, bytes),
            let port = port(at: behindAddress + 4, bytes)
        else { return nil }
        return .service(address, transport, port)
    }

    private func value(_ listed: Listed, _ bytes: Span<UInt8>) -> ElementValue? {
        if !listed.verdict.isEmpty { return Verdict(attributes: listed.verdict, bytes).map(ElementValue.verdict) }
        if listed.data.isEmpty { return ElementValue.none }
        guard listed.data.count >= family.addressBytes, let address = address(at: listed.data.lowerBound, bytes) else {
            return nil
        }
        if listed.data.count == family.addressBytes { return .address(address) }
        guard let port = port(at: listed.data.lowerBound + family.addressBytes, bytes) else { return nil }
        guard listed.timeout > 0 || listed.remaining > 0 else { return .target(address, port) }
        let lifetime = Lifetime(
            timeout: UInt32(clamping: listed.timeout), remaining: UInt32(clamping: listed.remaining))
        return .remembered(address, port, lifetime)
    }

    /// Puts starts and ends together; nil unless every range is a prefix.
    private func ranges(_ listed: [(address: IPAddress, isEnd: Bool)]) -> [Element]? {
        let boundaries = listed.sorted { $0.address == $1.address ? $0.isEnd && !$1.isEnd : $0.address < $1.address }
        var elements: [Element] = []
        var start: IPAddress?
        for boundary in boundaries {
            if boundary.isEnd {
                guard let first = start else { continue }
                let last = IPAddress(family, bits: boundary.address.bits &- 1)
                guard let range = Prefix(from: first, through: last) else { return nil }
                elements.append(Element(.prefix(range)))
                start = nil
            } else {
                guard start == nil else { return nil }
                start = boundary.address
            }
        }
        if let first = start {
            guard let range = Prefix(from: first, through: IPAddress(family, bits: .max)) else { return nil }
            elements.append(Element(.prefix(range)))
        }
        return elements
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
