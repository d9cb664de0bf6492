// SPDX-License-Identifier: Apache-2.0

/// The `apiVersion` and `kind` of an object.
package struct ObjectType: Sendable, Hashable {
    package let apiVersion: String
    package let kind: String

    package init(apiVersion: String, kind: String) { (self.apiVersion, self.kind) = (apiVersion, kind) }

    /// Statements about what becomes of traffic, which are Ferrule's own.
    package static let trafficTest = ObjectType(apiVersion: "ferrule.dev/v1", kind: "TrafficTest")

    /// The type of the items of a list such as `ServiceList`, nil for a `List` and for what is not a list.
    package var itemType: ObjectType? {
        guard kind != "List", kind.hasSuffix("List") else { return nil }
        return ObjectType(apiVersion: apiVersion, kind: String(kind.dropLast("List".count)))
    }

    /// What stands before the slash of the version; empty for the core of the API.
    var group: Substring { apiVersion.contains("/") ? apiVersion.prefix { $0 != "/" } : "" }

    /// Whether it says what a tool shall do with objects, and is none itself: a Kustomization.
    var isOfTools: Bool { apiVersion.hasPrefix("kustomize.config.k8s.io/") }
}
