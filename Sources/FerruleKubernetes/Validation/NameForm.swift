// SPDX-License-Identifier: Apache-2.0

/// The forms of names in Kubernetes; see <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>.
enum NameForm {
    /// A DNS label (RFC 1123): Service, Namespace, names of service ports.
    case label
    /// DNS labels joined by dots: most objects.
    case subdomain
    /// A port name (RFC 6335): container ports, and target ports that name one.
    case portName
    /// The value of a label.
    case labelValue
    /// A qualified name: the key of a label or annotation, and what is named like one.
    case labelKey

    func matches(_ name: String) -> Bool {
        switch self {
        case .label: Self.isLabel(name.utf8)
        case .subdomain:
            name.utf8.count <= 253 && Self.hasShape(name.utf8, inner: "-.", upperCase: false)
                && !zip(name.utf8, name.utf8.dropFirst()).contains { left, right in
                    left == UInt8(ascii: ".") && !Self.isAlphanumeric(right)
                        || right == UInt8(ascii: ".") && !Self.isAlphanumeric(left)
                }
        case .portName:
            name.utf8.count <= 15 && Self.hasShape(name.utf8, inner: "-", upperCase: false) && !name.contains("--")
                && name.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        case .labelValue: name.utf8.count <= 63 && Self.hasShape(name.utf8, inner: "-_.", upperCase: true)
        case .labelKey:
            switch name.firstIndex(of: "/") {
            case nil: NameForm.labelValue.matches(name)
            case let slash?:
                NameForm.subdomain.matches(String(name[..<slash]))
                    && NameForm.labelValue.matches(String(name[slash...].dropFirst()))
            }
        }
    }

    /// Whether the API server may make a name of this form that begins with a text: it appends letters and digits
    /// (`ValidateObjectMetaAccessor` in `k8s.io/apimachinery/pkg/api/validation`).
    func matches(beginning text: String) -> Bool {
        let end = text.lastIndex { $0 != "-" }.map(text.index(after:)) ?? text.startIndex
        return matches(String(text[..<end]))
    }

    /// What a name of this form is made of.
    var rule: String {
        switch self {
        case .label:
            "at most 63 lower-case letters, digits and \"-\", with a letter or digit at both ends"
        case .subdomain:
            "at most 253 lower-case letters, digits, \"-\" and \".\", with a letter or digit at both ends and next to dots"
        case .portName:
            "at most 15 lower-case letters, digits and single \"-\" between them, with at least one letter"
        case .labelValue:
            "at most 63 letters, digits, \"-\", \"_\" and \".\", with a letter or digit at both ends"
        case .labelKey: NameForm.labelValue.rule + ", and before it perhaps a domain in lower case and \"/\""
        }
    }

    private static func isLabel(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        name.count <= 63 && hasShape(name, inner: "-", upperCase: false)
    }

    /// Whether a name is made of letters and digits, and of some other characters within.
    private static func hasShape(_ name: some BidirectionalCollection<UInt8>, inner: String, upperCase: Bool) -> Bool {
        guard let first = name.first, let last = name.last, isAlphanumeric(first, upperCase: upperCase),
            isAlphanumeric(last, upperCase: upperCase)
        else { return false }
        return name.allSatisfy { isAlphanumeric($0, upperCase: upperCase) || inner.utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8, upperCase: Bool = false) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): upperCase
        default: false
        }
    }
}
