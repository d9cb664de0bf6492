// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// A value of any type, as it is quoted in a message.
struct FoundValue: Decodable {
    let text: String
    /// A number, true or false: what YAML makes of text without quotes.
    var isScalar = false
    /// A whole number in quotes.
    var isQuotedNumber = false
    /// A whole number that is none of 64 bits.
    var isTooLarge = false

    init(from decoder: any Decoder) throws {
        if (try? decoder.container(keyedBy: NoKey.self)) != nil {
            text = "an object"
            return
        }
        if (try? decoder.unkeyedContainer()) != nil {
            text = "a list"
            return
        }
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            text = "null"
        } else if let string = try? value.decode(String.self) {
            text = quoted(string)
            isQuotedNumber = Int(string) != nil
        } else if let bool = try? value.decode(Bool.self) {
            text = String(bool)
            isScalar = true
        } else if let int = try? value.decode(Int.self) {
            text = String(int)
            isScalar = true
        } else {
            let number = try value.decode(Double.self)
            // A whole number that no Double is equal to was written with all its digits.
            let whole = (try? value.decode(Int128.self)).flatMap { Int128(exactly: number) == $0 ? nil : $0 }
            text = whole.map { String($0) } ?? "\(number)"
            (isScalar, isTooLarge) = (true, number == number.rounded())
        }
    }

    private enum NoKey: CodingKey {}
}
