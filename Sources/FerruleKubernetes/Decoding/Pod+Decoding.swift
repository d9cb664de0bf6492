// SPDX-License-Identifier: Apache-2.0

extension Pod: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec, status }

    static let schema = FieldSchema(
        object: Keys.self,
        [.metadata: .object(ObjectMeta.schema), .spec: .object(PodSpec.schema), .status: .object(PodStatus.schema)])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(
            meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""),
            spec: fields.value(.spec) ?? PodSpec()
        )
        if let status = fields.value(.status, as: PodStatus.self) {
            (phase, podIPs, isReady) = (status.phase, status.podIPs, status.isReady)
        }
    }
}

extension PodSpec: Decodable {
    private enum Keys: CodingKey, CaseIterable {
        case nodeName, hostNetwork, hostname, subdomain, enableServiceLinks, activeDeadlineSeconds, priorityClassName
        case resources, containers, initContainers
    }

    static let schema = FieldSchema(
        Keys.self,
        [
            .resources: .object(Resources.schema), .containers: .list(of: Container.schema),
            .initContainers: .list(of: InitContainer.schema),
        ],
        unread: [
            "volumes", "ephemeralContainers", "restartPolicy", "terminationGracePeriodSeconds", "dnsPolicy",
            "nodeSelector", "serviceAccountName", "serviceAccount", "automountServiceAccountToken",
            "hostPID", "hostIPC", "shareProcessNamespace", "securityContext", "imagePullSecrets", "affinity",
            "schedulerName", "tolerations", "hostAliases", "priority",
            "dnsConfig", "readinessGates", "runtimeClassName", "preemptionPolicy", "overhead",
            "topologySpreadConstraints", "setHostnameAsFQDN", "os", "hostUsers", "schedulingGates", "resourceClaims",
            "hostnameOverride", "workloadRef", "schedulingGroup",
        ])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        nodeName = fields.text(.nodeName)
        hostNetwork = fields.value(.hostNetwork)
        hostname = fields.text(.hostname)
        subdomain = fields.text(.subdomain)
        enableServiceLinks = fields.value(.enableServiceLinks)
        activeDeadlineSeconds = fields.value(.activeDeadlineSeconds)
        priorityClassName = fields.text(.priorityClassName)
        let initContainers: [InitContainer] = fields.list(.initContainers) ?? []
        containers = fields.list(.containers) ?? []
        hasResources =
            fields.value(.resources, as: Resources.self)?.areGiven == true
            || (containers + initContainers.map(\.container)).contains(where: \.hasResources)
        for (position, candidate) in initContainers.enumerated() where candidate.keepsRunning {
            var container = candidate.container
            (container.position, container.isInit) = (position, true)
            containers.append(container)
        }
    }
}

extension Container: Decodable {
    private enum Keys: CodingKey, CaseIterable { case name, ports, resources }

    static let schema = FieldSchema(
        Keys.self, [.ports: .list(of: ContainerPort.schema), .resources: .object(Resources.schema)],
        unread: unread + ["restartPolicy"])

    /// What neither containers nor init containers are read for.
    fileprivate static let unread: [FieldSchema.Unread] = [
        "image", "command", "args", "workingDir", "envFrom", "env", "resizePolicy", "restartPolicyRules",
        "volumeMounts", "volumeDevices", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle",
        "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy", "securityContext", "stdin",
        "stdinOnce", "tty",
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        name = fields.value(.name) ?? ""
        ports = fields.list(.ports) ?? []
        hasResources = fields.value(.resources, as: Resources.self)?.areGiven == true
    }
}

extension ContainerPort: Decodable {
    private enum Keys: CodingKey, CaseIterable { case name, `protocol`, containerPort }

    static let schema = FieldSchema(Keys.self, unread: ["hostPort", "hostIP"])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        name = fields.value(.name) ?? ""
        `protocol` = fields.text(.protocol)
        containerPort = fields.value(.containerPort)
    }
}

/// One of `initContainers`; with `restartPolicy: Always` it is a sidecar, whose ports can be reached.
private struct InitContainer: Decodable {
    let container: Container
    let keepsRunning: Bool

    /// ``Container`` reads the first three.
    private enum Keys: CodingKey, CaseIterable { case name, ports, resources, restartPolicy }

    static let schema = FieldSchema(
        Keys.self, [.ports: .list(of: ContainerPort.schema), .resources: .object(Resources.schema)],
        unread: Container.unread)

    init(from decoder: any Decoder) throws {
        container = try Container(from: decoder)
        keepsRunning = try Fields<Keys>(decoder).value(.restartPolicy, as: String.self) == "Always"
    }
}

/// `ResourceRequirements`, as far as the class of a pod follows from it (`GetPodQOS` in `pkg/apis/core/v1/helper/qos`).
private struct Resources: Decodable {
    /// Whether more than nothing of processor or memory is asked for, or allowed.
    let areGiven: Bool

    private enum Keys: CodingKey, CaseIterable { case requests, limits }

    static let schema = FieldSchema(Keys.self, unread: ["claims"])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        areGiven = [Keys.requests, .limits].contains { key in
            let amounts = fields.mapping(key, of: Quantity.self) ?? [:]
            return ["cpu", "memory"].contains { name in amounts[name].map { $0.count != 0 } ?? false }
        }
    }
}

private struct PodStatus: Decodable {
    let phase: String?
    let podIPs: [String]
    let isReady: Bool

    private enum Keys: CodingKey, CaseIterable { case phase, podIP, podIPs, conditions }

    static let schema = FieldSchema(
        Keys.self, [.podIPs: .list(of: PodIP.schema), .conditions: .list(of: PodCondition.schema)],
        unread: [
            "observedGeneration", "message", "reason", "nominatedNodeName", "hostIP", "hostIPs", "startTime",
            "initContainerStatuses", "containerStatuses", "qosClass", "ephemeralContainerStatuses", "resize",
            "resourceClaimStatuses", "extendedResourceClaimStatus", "allocatedResources", "resources",
            "nodeAllocatableResourceClaimStatuses",
        ])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        phase = fields.value(.phase)
        podIPs =
            fields.list(.podIPs, of: PodIP.self)?.map(\.ip) ?? fields.value(.podIP, as: String.self).map { [$0] } ?? []
        isReady = (fields.list(.conditions, of: PodCondition.self) ?? []).contains {
            $0.type == "Ready" && $0.status == "True"
        }
    }
}

private struct PodIP: Decodable {
    let ip: String

    private enum Keys: CodingKey, CaseIterable { case ip }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws { ip = try Fields<Keys>(decoder).value(.ip) ?? "" }
}

private struct PodCondition: Decodable {
    let type: String?
    let status: String?

    private enum Keys: CodingKey, CaseIterable { case type, status }

    static let schema = FieldSchema(
        Keys.self, unread: ["observedGeneration", "lastProbeTime", "lastTransitionTime", "reason", "message"])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (type, status) = (fields.value(.type), fields.value(.status))
    }
}
