// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleText

extension Element: CustomStringConvertible {
    /// The element as nft writes it, `10.96.0.1 . tcp . 443 comment "default/kubernetes:https" : goto lb-1`.
    package var description: String {
        var text: [UInt8] = []
        key.appendText(to: &text)
        if let comment {
            text.append(contentsOf: " comment \"".utf8)
            text.append(contentsOf: comment.printable.utf8)
            text.append(UInt8(ascii: "\""))
        }
        if value != .none { text.append(contentsOf: " : ".utf8) }
        value.appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension Concatenation: CustomStringConvertible {
    /// The values as nft writes them, `10.96.0.1 . tcp . 443`.
    package var description: String {
        var text: [UInt8] = []
        appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends ``description`` as ASCII.
    package func appendText(to text: inout [UInt8]) {
        var isFirst = true
        for value in values {
            if !isFirst { text.append(contentsOf: " . ".utf8) }
            isFirst = false
            value.appendText(to: &text)
        }
    }
}

extension Concatenation.Value {
    fileprivate func appendText(to text: inout [UInt8]) {
        switch self {
        case .address(let address): address.appendText(to: &text)
        case .transportProtocol(let transport): text.append(contentsOf: transport.name.utf8)
        case .port(let port): appendDecimal(UInt64(port.number), to: &text)
        case .prefix(let prefix):
            prefix.address.appendText(to: &text)
            text.append(UInt8(ascii: "/"))
            appendDecimal(UInt64(prefix.length), to: &text)
        }
    }
}

extension ElementValue {
    /// Appends the value as nft writes it, `goto lb-1`, `0.37.200.11` or `10.244.0.6 . 8080`; nothing for a set's element.
    package func appendText(to text: inout [UInt8]) {
        switch self {
        case .none: break
        case .verdict(let verdict): verdict.appendText(to: &text)
        case .data(let data), .expiring(let data, _): data.appendText(to: &text)
        }
    }
}

extension Verdict: CustomStringConvertible {
    /// The verdict as nft writes it, `goto lb-1`.
    package var description: String {
        var text: [UInt8] = []
        appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends ``description``.
    package func appendText(to text: inout [UInt8]) {
        text.append(contentsOf: keyword.utf8)
        guard let chain else { return }
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: chain.description.utf8)
    }
}
