// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleDiagnostics
internal import FerruleKubernetes

/// An object as an API server holds it.
///
/// What says of its history is kept beside the object, so that an object that was written anew without a change that matters
/// is equal to what it was.
package struct StoredObject: Sendable, Hashable {
    package var object: ClusterObject
    /// `metadata.resourceVersion`; only equality has a meaning.
    package var resourceVersion: String
    /// The annotation `endpoints.kubernetes.io/last-change-trigger-time` (RFC 3339), which the endpoint controllers set: when
    /// the pod or service changed that the object follows.
    package var changeTriggerTime: String?

    package var key: ObjectKey { ObjectKey(object.meta) }

    /// No file: diagnostics name the object, and no more can be said of where it comes from.
    package static let origin = Origin(file: "")
}

/// An object that was served but could not be read.
package struct UnreadableObject: Sendable, Hashable {
    package let resource: Resource
    /// nil where not even its name can be told.
    package let key: ObjectKey?
    /// What is wrong with it.
    package let reason: String
}

extension UnreadableObject: CustomStringConvertible {
    /// `Service shop/web cannot be read: ...`
    package var description: String {
        "\(resource.kind.rawValue) \(key.map(\.description) ?? "(without a name)") cannot be read: \(reason)"
    }
}

/// `metadata` as far as it is read beside ``ObjectMeta``.
struct StoredMeta {
    static let triggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time"
    /// On the bookmark behind the last object of a streaming list.
    static let initialEventsEndAnnotation = "k8s.io/initial-events-end"

    var resourceVersion = ""
    var changeTriggerTime: String?
    var endsInitialEvents = false

    /// Whether an annotation says something that is read.
    static func isRead(_ annotation: String) -> Bool {
        annotation == triggerTimeAnnotation || annotation == initialEventsEndAnnotation
    }

    mutating func takeAnnotation(_ key: String, _ value: String) {
        switch key {
        case Self.triggerTimeAnnotation: changeTriggerTime = value
        case Self.initialEventsEndAnnotation: endsInitialEvents = value == "true"
        default: break
        }
    }
}
