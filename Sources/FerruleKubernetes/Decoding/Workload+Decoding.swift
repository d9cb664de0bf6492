// SPDX-License-Identifier: Apache-2.0

extension Workload: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let replicationControllerSchema = schema(WorkloadSpec.schema(unread: ["minReadySeconds", "selector"]))
    static let replicaSetSchema = schema(WorkloadSpec.schema(unread: ["minReadySeconds", "selector"]))
    static let deploymentSchema = schema(
        WorkloadSpec.schema(unread: [
            "selector", "strategy", "minReadySeconds", "revisionHistoryLimit", "paused", "progressDeadlineSeconds",
        ]))
    static let statefulSetSchema = schema(
        StatefulSetSpec.schema(unread: [
            "selector", "volumeClaimTemplates", "podManagementPolicy", "updateStrategy",
            "revisionHistoryLimit", "minReadySeconds", "persistentVolumeClaimRetentionPolicy",
        ]))
    static let daemonSetSchema = schema(
        WorkloadSpec.schema(unread: ["selector", "updateStrategy", "minReadySeconds", "revisionHistoryLimit"]))

    private static func schema(_ spec: FieldSchema) -> FieldSchema {
        FieldSchema(
            object: Keys.self, [.metadata: .object(ObjectMeta.schema), .spec: .object(spec)], unread: ["status"])
    }

    /// The kind is not decoded, since an item of a typed list need not name it: whoever decodes sets it.
    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(kind: .deployment, meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        if let spec = fields.value(.spec, as: WorkloadSpec.self) {
            replicas = spec.replicas
            templateLabels = spec.template?.labels ?? [:]
            templateSpec = spec.template?.spec ?? PodSpec()
        }
        let statefulSet = fields.value(.spec, as: StatefulSetSpec.self)
        (serviceName, firstOrdinal) = (statefulSet?.serviceName, statefulSet?.ordinals?.start)
    }
}

private struct WorkloadSpec: Decodable {
    let replicas: Int?
    let template: PodTemplate?

    private enum Keys: CodingKey, CaseIterable { case replicas, template }

    static func schema(unread: [FieldSchema.Unread]) -> FieldSchema {
        FieldSchema(Keys.self, [.template: .object(PodTemplate.schema)], unread: unread)
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (replicas, template) = (fields.value(.replicas), fields.value(.template))
    }
}

/// What a StatefulSet says more than the others.
private struct StatefulSetSpec: Decodable {
    let serviceName: String?
    let ordinals: StatefulSetOrdinals?

    /// ``WorkloadSpec`` reads the first two.
    private enum Keys: CodingKey, CaseIterable { case replicas, template, serviceName, ordinals }

    static func schema(unread: [FieldSchema.Unread]) -> FieldSchema {
        FieldSchema(
            Keys.self, [.template: .object(PodTemplate.schema), .ordinals: .object(StatefulSetOrdinals.schema)],
            unread: unread)
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (serviceName, ordinals) = (fields.text(.serviceName), fields.value(.ordinals))
    }
}

private struct StatefulSetOrdinals: Decodable {
    let start: Int?

    private enum Keys: CodingKey, CaseIterable { case start }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws { start = try Fields<Keys>(decoder).value(.start) }
}

private struct PodTemplate: Decodable {
    let labels: Labels
    let spec: PodSpec?

    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let schema = FieldSchema(
        Keys.self, [.metadata: .object(ObjectMeta.schema), .spec: .object(PodSpec.schema)])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (labels, spec) = (fields.value(.metadata, as: ObjectMeta.self)?.labels ?? [:], fields.value(.spec))
    }
}
