// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

extension ObjectReport {
    /// The address that a text means, if it is one (`IsValidIPForLegacyField` in `k8s.io/apimachinery/pkg/util/validation`).
    /// A spelling that today's API servers no longer accept is accepted, since what it means is beyond doubt, with a warning
    /// that names the normal one.
    mutating func address(_ text: String, at field: @autoclosure () -> FieldPath) -> IPAddress? {
        guard let address = IPAddress(text) else {
            error(field(), "\(quoted(text)) is not an IP address")
            return nil
        }
        warnOfSpelling(text, normal: address.description, at: field())
        return address
    }

    /// The range that a text means, if it is one (`IsValidCIDRForLegacyField` there); old spellings as with addresses.
    mutating func prefix(_ text: String, at field: @autoclosure () -> FieldPath) -> Prefix? {
        guard let prefix = Prefix(text) else {
            error(field(), "\(quoted(text)) is not an address range such as 10.0.0.0/8")
            return nil
        }
        // Host bits, blanks and leading zeros are old; another way to write the first address is not.
        let parts = text.split(separator: "/")
        let isOfToday = IPAddress(parts[0]) == prefix.address && parts.last.map(String.init) == String(prefix.length)
        warnOfSpelling(text, normal: prefix.description, isOfToday: isOfToday, at: field())
        return prefix
    }

    private mutating func warnOfSpelling(
        _ text: String, normal: String, isOfToday: Bool = true, at field: @autoclosure () -> FieldPath
    ) {
        // RFC 5952 is not enforced: upper case and long forms of IPv6 are as good.
        guard text != normal, !isOfToday || !text.contains(":") || text.contains(".") else { return }
        warn(field(), "\(quoted(text)) is an old spelling of \(normal)", hint: "write \(normal)")
    }

    /// Checks the address of an endpoint (`ValidateEndpointIP` in `pkg/apis/core/validation/validation.go`). kube-proxy
    /// passes over those that cannot be used, and so does Ferrule: they are no reason to refuse what a cluster holds.
    /// Returns the address if it can be used.
    ///
    /// - Parameter outcome: what comes of one that cannot.
    mutating func endpointAddress(
        _ text: String, at field: @autoclosure () -> FieldPath, outcome: String = "the endpoint is ignored"
    ) -> IPAddress? {
        guard let address = IPAddress(text) else {
            warn(field(), "\(quoted(text)) is not an IP address; \(outcome)")
            return nil
        }
        if let use = address.specialUse {
            warn(field(), "\(address) is \(use.rawValue); \(outcome)")
            return nil
        }
        if address.family == .ipv4 { warnOfSpelling(text, normal: address.description, at: field()) }
        return address
    }
}
