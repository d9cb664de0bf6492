// SPDX-License-Identifier: Apache-2.0

extension Workload: Decodable {
    private enum Keys: CodingKey { case metadata, spec }

    /// The kind is not decoded, since an item of a typed list need not name it: whoever decodes sets it.
    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(kind: .deployment, meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        if let spec = fields.value(.spec, as: WorkloadSpec.self) {
            replicas = spec.replicas
            templateLabels = spec.template?.labels ?? [:]
            templateSpec = spec.template?.spec ?? PodSpec()
        }
    }
}

private struct WorkloadSpec: Decodable {
    let replicas: Int?
    let template: PodTemplate?

    private enum Keys: CodingKey { case replicas, template }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (replicas, template) = (fields.value(.replicas), fields.value(.template))
    }
}

private struct PodTemplate: Decodable {
    let labels: [String: String]
    let spec: PodSpec?

    private enum Keys: CodingKey { case metadata, spec }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (labels, spec) = (fields.value(.metadata, as: ObjectMeta.self)?.labels ?? [:], fields.value(.spec))
    }
}
