// SPDX-License-Identifier: Apache-2.0

/// How an API server writes objects.
package enum MediaType: Sendable, Hashable, CaseIterable {
    case protobuf, json

    /// What to ask for: protobuf, or JSON from servers and gateways that do not speak it.
    static let accepted = "application/vnd.kubernetes.protobuf, application/json"

    /// The type that a `Content-Type` names, whatever parameters follow; nil if it is neither.
    package init?(contentType: String) {
        switch contentType.prefix(while: { $0 != ";" && $0 != " " }) {
        case "application/vnd.kubernetes.protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }
}
