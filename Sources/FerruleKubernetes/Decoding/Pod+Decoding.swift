// SPDX-License-Identifier: Apache-2.0

extension Pod: Decodable {
    private enum Keys: CodingKey { case metadata, spec, status }

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
    private enum Keys: CodingKey { case nodeName, hostNetwork, hostname, subdomain, containers, initContainers }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        nodeName = fields.text(.nodeName)
        hostNetwork = fields.value(.hostNetwork)
        hostname = fields.text(.hostname)
        subdomain = fields.text(.subdomain)
        let initContainers: [InitContainer] = fields.list(.initContainers) ?? []
        containers = fields.list(.containers) ?? []
        for (position, candidate) in initContainers.enumerated() where candidate.keepsRunning {
            var container = candidate.container
            (container.position, container.isInit) = (position, true)
            containers.append(container)
        }
    }
}

extension Container: Decodable {
    private enum Keys: CodingKey { case name, ports }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        name = fields.value(.name) ?? ""
        ports = fields.list(.ports) ?? []
    }
}

extension ContainerPort: Decodable {
    private enum Keys: CodingKey { case name, `protocol`, containerPort }

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

    private enum Keys: CodingKey { case restartPolicy }

    init(from decoder: any Decoder) throws {
        container = try Container(from: decoder)
        keepsRunning = try Fields<Keys>(decoder).value(.restartPolicy, as: String.self) == "Always"
    }
}

private struct PodStatus: Decodable {
    let phase: String?
    let podIPs: [String]
    let isReady: Bool

    private enum Keys: CodingKey { case phase, podIP, podIPs, conditions }

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

    private enum Keys: CodingKey { case ip }

    init(from decoder: any Decoder) throws { ip = try Fields<Keys>(decoder).value(.ip) ?? "" }
}

private struct PodCondition: Decodable {
    let type: String?
    let status: String?

    private enum Keys: CodingKey { case type, status }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (type, status) = (fields.value(.type), fields.value(.status))
    }
}
