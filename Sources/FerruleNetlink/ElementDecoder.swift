// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Reads the elements of a set as the kernel lists them: ``ElementEncoder`` reversed.
struct ElementDecoder {
    let family: IPFamily
    let keyType: [SetDefinition.DataType]
    let kind: SetDefinition.Kind

    /// One listed element, before the boundaries of ranges are put together.
    private struct Listed {
        var key: ArraySlice<UInt8> = []
        var keyEnd: ArraySlice<UInt8>?
        var data: ArraySlice<UInt8>?
        var verdict: Verdict?
        var comment: String?
        var isRangeEnd = false
        var lifetime: Lifetime?
    }

    /// The elements, sorted by key; nil if one of them is nothing that Ferrule writes.
    func elements(_ messages: [NetlinkMessage]) -> [Element]? {
        if kind == .interval, keyType.count == 1 { return prefixes(messages) }
        var elements: [Element] = []
        for message in messages {
            for list in message.attributes where list.type == Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) {
                for attribute in list.nested(in: message) {
                    guard let entry = read(attribute, message), let key = key(entry), let value = value(entry) else {
                        return nil
                    }
                    elements.append(Element(key, value, comment: entry.comment))
                }
            }
        }
        return elements.sortedByKey()
    }

    private func prefixes(_ messages: [NetlinkMessage]) -> [Element]? {
        var listed: [Listed] = []
        for message in messages {
            for element in ElementList.elements(of: message) {
                guard let read = read(element, message) else { return nil }
                listed.append(read)
            }
        }
        return ranges(listed)
    }

    private func read(_ element: NetlinkAttribute, _ message: NetlinkMessage) -> Listed? {
        var listed = Listed()
        var timeout: UInt64 = 0
        var remaining: UInt64 = 0
        for part in element.nested(in: message) {
            switch nft_set_elem_attributes(UInt32(part.type)) {
            case NFTA_SET_ELEM_KEY: listed.key = part.data(in: message) ?? []
            case NFTA_SET_ELEM_KEY_END: listed.keyEnd = part.data(in: message)
            case NFTA_SET_ELEM_DATA:
                if let data = part.data(in: message) {
                    listed.data = data
                } else {
                    guard let verdict = part.verdict(in: message) else { return nil }
                    listed.verdict = verdict
                }
            case NFTA_SET_ELEM_FLAGS:
                listed.isRangeEnd = part.value(in: message.bytes).last == UInt8(NFT_SET_ELEM_INTERVAL_END.rawValue)
            case NFTA_SET_ELEM_USERDATA: listed.comment = UserData.comment(in: part.value(in: message.bytes))
            case NFTA_SET_ELEM_TIMEOUT: timeout = part.number(in: message)
            case NFTA_SET_ELEM_EXPIRATION: remaining = part.number(in: message)
            default: break
            }
        }
        if remaining > 0 || timeout > 0 {
            listed.lifetime = Lifetime(timeout: UInt32(clamping: timeout), remaining: UInt32(clamping: remaining))
        }
        return listed
    }

    private func key(_ listed: Listed) -> ElementKey? {
        var rest = listed.key
        func address() -> IPAddress? {
            defer { rest = rest.dropFirst(family.addressBytes) }
            return IPAddress(family, networkBytes: rest)
        }
        func transport() -> TransportProtocol? {
            defer { rest = rest.dropFirst(4) }
            return rest.first.flatMap(TransportProtocol.init(rawValue:))
        }
        func port() -> Port? {
            defer { rest = rest.dropFirst(4) }
            return Port(networkBytes: rest)
        }
        func slot() -> UInt16? {
            defer { rest = rest.dropFirst(4) }
            return UInt16(networkBytes: rest)
        }
        switch keyType {
        case [.address]: return address().map(ElementKey.address)
        case [.address, .address]:
            guard let first = address(), first == address() else { return nil }
            return .hairpin(first)
        case [.transportProtocol, .port]:
            guard let transport = transport(), let port = port() else { return nil }
            return .port(transport, port)
        case [.address, .transportProtocol, .port]:
            guard let address = address(), let transport = transport(), let port = port() else { return nil }
            return .service(address, transport, port)
        case [.port, .transportProtocol, .port]:
            guard let slot = slot(), let transport = transport(), let port = port() else { return nil }
            return .slot(slot, nil, transport, port)
        case [.port, .address, .transportProtocol, .port]:
            guard let slot = slot(), let address = address(), let transport = transport(), let port = port() else {
                return nil
            }
            return .slot(slot, address, transport, port)
        case [.address, .transportProtocol, .port, .address]:
            guard let service = address(), let transport = transport(), let port = port(), let first = address(),
                let end = listed.keyEnd, end.count >= family.addressBytes,
                let last = IPAddress(family, networkBytes: end.suffix(family.addressBytes)),
                let range = Prefix(from: first, through: last)
            else { return nil }
            return .serviceSource(service, transport, port, range)
        default: return nil
        }
    }

    private func value(_ listed: Listed) -> ElementValue? {
        if let verdict = listed.verdict { return .verdict(verdict) }
        guard let data = listed.data else { return ElementValue.none }
        guard let address = IPAddress(family, networkBytes: data),
            let port = Port(networkBytes: data.dropFirst(family.addressBytes))
        else { return nil }
        return listed.lifetime.map { .remembered(address, port, $0) } ?? .target(address, port)
    }

    /// Puts starts and ends together; nil unless every range is a prefix.
    private func ranges(_ listed: [Listed]) -> [Element]? {
        let boundaries = listed.compactMap { entry in
            IPAddress(family, networkBytes: entry.key).map { (address: $0, isEnd: entry.isRangeEnd) }
        }.sorted { $0.address == $1.address ? $0.isEnd && !$1.isEnd : $0.address < $1.address }
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
    /// The bytes within `NFTA_DATA_VALUE`; nil where there is none.
    func data(in message: NetlinkMessage) -> ArraySlice<UInt8>? {
        nested(in: message).first { $0.type == Int(NFTA_DATA_VALUE.rawValue) }?.value(in: message.bytes)
    }

    /// The verdict within `NFTA_DATA_VERDICT`; nil where there is none that Ferrule uses.
    func verdict(in message: NetlinkMessage) -> Verdict? {
        guard let verdict = nested(in: message).first(where: { $0.type == Int(NFTA_DATA_VERDICT.rawValue) }) else {
            return nil
        }
        var code: UInt32 = 0
        var chain = ""
        for part in verdict.nested(in: message) {
            if part.type == Int(NFTA_VERDICT_CODE.rawValue) {
                code = UInt32(truncatingIfNeeded: part.number(in: message))
            }
            if part.type == Int(NFTA_VERDICT_CHAIN.rawValue) {
                chain = String(decoding: part.value(in: message.bytes).prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        return Verdict(kernelNumber: code, chain: chain)
    }

    /// A number in network order, of at most 8 bytes.
    func number(in message: NetlinkMessage) -> UInt64 {
        value(in: message.bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension Port {
    /// The port that the first two bytes tell in network order.
    init?(networkBytes bytes: ArraySlice<UInt8>) {
        guard let number = UInt16(networkBytes: bytes) else { return nil }
        self.init(Int(number))
    }
}

extension UInt16 {
    /// The number that the first two bytes tell in network order.
    init?(networkBytes bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 2 else { return nil }
        self = UInt16(bytes[bytes.startIndex]) << 8 | UInt16(bytes[bytes.startIndex + 1])
    }
}
