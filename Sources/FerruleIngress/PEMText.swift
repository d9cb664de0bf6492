// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FoundationEssentials

/// A certificate with those that it is signed by, and its key, as PEM (RFC 7468). Whoever prints it by mistake, prints nothing
/// of it.
package struct PEMText: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The text, for a file that only its owner reads.
    package let bytes: [UInt8]

    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The certificates and the key of a Secret, and nothing else that stands there.
    init(_ secret: Secret) throws(PEMProblem) {
        guard secret.type == Secret.tlsType else {
            throw PEMProblem("is of type \(quoted(secret.type)), not \(Secret.tlsType)")
        }
        let certificates = try Self.blocks(of: secret.certificate, "tls.crt").filter { $0.label == "CERTIFICATE" }
        guard !certificates.isEmpty else { throw PEMProblem("has no certificate in tls.crt") }
        guard certificates.allSatisfy(\.holdsSequence) else { throw PEMProblem("has a tls.crt that is not whole") }
        // The first key counts, as for the API server; openssl writes the parameters of a curve before it.
        guard let key = try Self.blocks(of: secret.privateKey, "tls.key").first(where: \.isKey) else {
            throw PEMProblem("has no private key in tls.key")
        }
        // HAProxy would ask for a password, or wait for it.
        guard !key.isEncrypted else { throw PEMProblem("has a key that needs a password") }
        guard key.holdsSequence else { throw PEMProblem("has a tls.key that is not whole") }
        bytes = Array((certificates + [key]).map(\.text).joined().utf8)
    }

    private struct Block {
        let label: String
        let lines: [Substring]

        /// The block with its boundaries.
        var text: String {
            "-----BEGIN \(label)-----\n" + lines.map { $0 + "\n" }.joined() + "-----END \(label)-----\n"
        }

        var isKey: Bool { label == "PRIVATE KEY" || label.hasSuffix(" PRIVATE KEY") }

        /// Whether a key needs a password, as its label or, in older files, a header says.
        var isEncrypted: Bool { label.hasPrefix("ENCRYPTED") || lines.contains { $0.contains(":") } }

        /// Whether it holds one sequence of ASN.1 in DER, as certificates and keys are.
        var holdsSequence: Bool {
            guard let data = Data(base64Encoded: lines.joined()), data.count > 2, data[0] == 0x30 else { return false }
            guard data[1] >= 0x80 else { return data.count == 2 + Int(data[1]) }
            let lengthBytes = Int(data[1] & 0x7f)
            guard (1...4).contains(lengthBytes), data.count > 2 + lengthBytes else { return false }
            let length = data[2..<2 + lengthBytes].reduce(0) { $0 << 8 | Int($1) }
            return data.count == 2 + lengthBytes + length
        }
    }

    /// What stands between boundaries in a value of a Secret, of whatever kind.
    ///
    /// - Parameter name: of the value, for messages, which quote nothing of it.
    private static func blocks(of value: SecretText?, _ name: String) throws(PEMProblem) -> [Block] {
        guard let value else { throw PEMProblem("has no \(name)") }
        guard let text = value.plainText else { throw PEMProblem("has a \(name) that is not in base64") }
        var blocks: [Block] = []
        var open: (label: String, lines: [Substring])?
        for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingBlanks }) where !line.isEmpty {
            if let label = line.boundary("BEGIN") {
                open = (label, [])
            } else if let label = line.boundary("END") {
                guard let block = open, block.label == label else { break }
                blocks.append(Block(label: label, lines: block.lines))
                open = nil
            } else {
                open?.lines.append(line)
            }
        }
        guard open == nil else { throw PEMProblem("has a \(name) that is not whole") }
        return blocks
    }
}

/// Why a Secret has no certificate that can be used, said of the Secret; nothing of what it holds is in it.
struct PEMProblem: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

extension SecretText {
    /// The text that is meant; nil if it is not in the encoding that it should be in. What is no UTF-8, such as a name in
    /// Latin-1 before a block, is replaced: blocks are ASCII.
    fileprivate var plainText: String? {
        switch encoding {
        case .plain: text
        case .base64:
            // As the API reads it: lines may be broken, nothing else may stand between.
            Data(base64Encoded: text.filter { !$0.isNewline }).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        return start[..<(start.lastIndex { $0 != " " && $0 != "\t" }.map { start.index(after: $0) } ?? start.endIndex)]
    }

    /// `CERTIFICATE` of `-----BEGIN CERTIFICATE-----`; nil if it is no such line, or of letters that no label has.
    fileprivate func boundary(_ word: String) -> String? {
        guard hasPrefix("-----\(word) "), hasSuffix("-----"), count > 11 + word.count else { return nil }
        let label = dropFirst(6 + word.count).dropLast(5)
        let isLabel = label.allSatisfy { $0 == " " || ($0.isASCII && $0.isUppercase) || $0.isNumber }
        return isLabel ? String(label) : nil
    }
}
