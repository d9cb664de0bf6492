// SPDX-License-Identifier: Apache-2.0

/// What a YAML scalar means in a manifest: the types of YAML 1.1 as the API server's YAML library resolves them. Quoted
/// text is a string; timestamps and sexagesimal numbers are strings too.
enum ScalarValue {
    case string(String)
    /// A number, true, false or null, as JSON writes it.
    case literal(String)

    init(_ scalar: YAMLNode.Scalar) {
        let literal = scalar.isPlain ? Self.literal(of: scalar.text) : nil
        self = literal.map(ScalarValue.literal) ?? .string(scalar.text)
    }

    /// The value as the key of a mapping.
    var text: String {
        switch self {
        case .string(let text), .literal(let text): text
        }
    }

    /// The JSON literal that a plain scalar stands for; nil for a string.
    static func literal(of text: String) -> String? {
        guard let first = text.utf8.first else { return "null" }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text)
        default: return words[text]
        }
    }

    private static let words: [String: String] = {
        var words: [String: String] = [:]
        for word in ["", "~", "null", "Null", "NULL"] { words[word] = "null" }
        for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] { words[word] = "true" }
        for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            words[word] = "false"
        }
        return words
    }()

    /// Whole numbers in base 2, 8 (`0o17`, `017`), 10 and 16, with underscores; else decimal fractions.
    private static func number(_ text: String) -> String? {
        let plain = text.filter { $0 != "_" }
        let isNegative = plain.hasPrefix("-")
        let digits = plain.hasPrefix("-") || plain.hasPrefix("+") ? plain.dropFirst() : plain[...]
        guard let first = digits.first, first.isNumber || first == "." else { return nil }
        let forms: [(prefix: String, radix: Int)] = [
            ("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8),
        ]
        let form = forms.first { digits.hasPrefix($0.prefix) }
        let radix =
            form?.radix ?? (digits.count > 1 && digits.allSatisfy { ("0"..."7").contains($0) } && first == "0" ? 8 : 10)
        let body = digits.dropFirst(form?.prefix.count ?? 0)
        if !body.hasPrefix("+"), !body.hasPrefix("-"), let number = UInt64(body, radix: radix) {
            return (isNegative && number > 0 ? "-" : "") + String(number)
        }
        if radix == 10, body.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return (isNegative ? "-" : "") + body.drop { $0 == "0" }
        }
        let isDecimal = digits.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
        guard form == nil, isDecimal, let value = Double(plain), value.isFinite else { return nil }
        return "\(value)"
    }
}
