// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// A kind, or a version of one, that Kubernetes 1.36 does not have.
struct UnknownKind {
    private let type: ObjectType
    private let field: FieldPath
    private let meant: [String]
    private let hint: String?

    /// nil for a type that the API has, or that somebody may have added to it: groups of others have a dot in their name.
    ///
    /// - Parameter read: the kinds that are read, any of which may be meant.
    init?(_ type: ObjectType, read: Set<ObjectKind>) {
        guard !Self.isKnown(type) else { return nil }
        self.type = type
        let readKinds = ObjectKind.allCases.filter(read.contains)
        let near = readKinds.compactMap { Self.name($0, ifMeantBy: type) } + Self.listName(ifMeantBy: type)
        let nearest = near.map(\.distance).min()
        meant = near.filter { $0.distance == nearest }.map(\.name)
        let former = ObjectKind.allCases.first {
            $0.rawValue == type.kind && $0.formerVersions.contains(type.apiVersion)
        }
        hint = former.map { "it is in \($0.apiVersions[0]) today" }
        let isKindKnown = Self.readableNames.contains(type.kind)
        field = FieldPath(isKindKnown ? "apiVersion" : "kind")
        guard !meant.isEmpty || former != nil || Self.kinds[type.apiVersion] != nil else { return nil }
    }

    /// What is to be said about it.
    func unknownName(in object: String, origin: Origin, isStored: Bool) -> UnknownName {
        UnknownName(
            origin: origin, object: object, field: field,
            finding: "Kubernetes \(FieldSchema.version) has no kind \(quoted(type.kind)) in \(quoted(type.apiVersion))",
            meant: meant,
            hint: hint, isStored: isStored)
    }

    /// The kind of a list of anything, if a type is nearly that.
    private static func listName(ifMeantBy type: ObjectType) -> [(name: String, distance: Int)] {
        guard type.apiVersion == "v1", let distance = LetterDistance.between(type.kind, "List") else {
            return []
        }
        return [("List", distance)]
    }

    /// What to call a kind, or the list of it, if a type is nearly that: the name of the part that is wrong, or both.
    private static func name(_ kind: ObjectKind, ifMeantBy type: ObjectType) -> (name: String, distance: Int)? {
        if kind.formerVersions.contains(type.apiVersion) { return nil }
        let version = kind.apiVersions[0]
        let versionDistance = LetterDistance.between(type.apiVersion, version)
        for name in [kind.rawValue, kind.rawValue + "List"] {
            guard let distance = LetterDistance.between(type.kind, name) else { continue }
            if type.kind == name {
                let isOfSameGroup = type.group == ObjectType(apiVersion: version, kind: name).group
                guard versionDistance != nil || isOfSameGroup || !type.group.contains(".") else { continue }
                return (version, distance)
            }
            guard let versionDistance else { continue }
            return (type.apiVersion == version ? name : "\(name) in \(version)", distance + versionDistance)
        }
        return nil
    }
}

extension UnknownKind {
    private static let readableNames = Set(ObjectKind.allCases.flatMap { [$0.rawValue, $0.rawValue + "List"] })

    /// All kinds of the groups that the kinds read are in; `Config` is kubectl's own.
    private static let kinds: [String: Set<String>] = [
        "v1": [
            "Binding", "ComponentStatus", "Config", "ConfigMap", "Endpoints", "Event", "LimitRange", "List",
            "Namespace",
            "Node", "PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController",
            "ResourceQuota", "Secret", "Service", "ServiceAccount", "Status",
        ],
        "apps/v1": ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        "discovery.k8s.io/v1": ["EndpointSlice"],
        "networking.k8s.io/v1": ["IPAddress", "Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR"],
        "kubeproxy.config.k8s.io/v1alpha1": ["KubeProxyConfiguration"],
    ]

    /// Whether the API has a kind, or lists of it.
    private static func isKnown(_ type: ObjectType) -> Bool {
        let type = type.itemType ?? type
        return kinds[type.apiVersion]?.contains(type.kind) == true || ObjectKind(type) != nil
    }
}
