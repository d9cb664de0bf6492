// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

extension ServiceValidator {
    /// Checks `spec.ports` (`validateService` and `validateServicePort` in `pkg/apis/core/validation/validation.go`).
    mutating func checkPorts() {
        let ports = Self.spec["ports"]
        if spec.ports.isEmpty, !isHeadless, type != "ExternalName" {
            report.error(
                ports, "missing; a service has at least one port, unless it is headless or of type ExternalName")
        }
        for (index, port) in spec.ports.enumerated() {
            let path = ports[index]
            report.checkPort(port.port, at: path["port"])
            report.checkProtocol(port.protocol, at: path["protocol"])
            checkName(port.name, at: path["name"])
            checkTarget(port.targetPort, at: path["targetPort"])
            checkNodePort(of: port, at: path["nodePort"])
            report.checkQualifiedName(port.appProtocol, at: path["appProtocol"])
        }
        checkDuplicates(at: ports)
    }

    private mutating func checkName(_ name: String, at path: @autoclosure () -> FieldPath) {
        if name.isEmpty {
            guard spec.ports.count > 1 else { return }
            report.error(path(), "missing; each of several ports has a name")
        } else if !NameForm.label.matches(name) {
            report.error(path(), "\(quoted(name)) is not a port name: \(NameForm.label.rule)")
        }
    }

    /// `ValidatePortNumOrName`, after `SetDefaults_Service` has put the port for a target of 0 or without text.
    private mutating func checkTarget(_ target: IntOrString?, at path: @autoclosure () -> FieldPath) {
        switch target {
        case .number(let number)? where number != 0: report.checkPort(number, at: path())
        case .name(let name)? where Int(name) != nil:
            report.error(
                path(), "\(quoted(name)) is a number in quotes, not the name of a port", hint: "remove the quotes")
        case .name(let name)? where !name.isEmpty && !NameForm.portName.matches(name):
            report.error(path(), "\(quoted(name)) is not a port name: \(NameForm.portName.rule)")
        default: break
        }
    }

    private mutating func checkNodePort(of port: ServicePort, at path: @autoclosure () -> FieldPath) {
        guard let nodePort = port.nodePort, nodePort != 0 else { return }
        if type == "ClusterIP", report.isReadable(Self.spec["type"]) {
            let subject = isHeadless ? "the service is headless" : "type is ClusterIP"
            report.error(
                path(), "\(nodePort) may not be used when \(subject)", hint: "remove it, or set type to NodePort")
        } else if type != "ExternalName" {
            checkAllocated(nodePort, at: path())
        }
    }

    /// Checks that a node port is within the configured range (`Allocate` in
    /// `pkg/registry/core/service/portallocator/allocator.go`).
    mutating func checkAllocated(_ port: Int, at path: @autoclosure () -> FieldPath) {
        guard (1...65535).contains(port) else { return report.checkPort(port, at: path()) }
        guard let range = options.nodePortRange, !range.contains(port) else { return }
        report.error(
            path(), "\(port) is outside the node port range \(range.lowerBound)-\(range.upperBound)",
            hint: "choose a port in the range, or pass another --node-port-range")
    }

    /// Checks that names and pairs of port and protocol stand once each (`validateServicePort`, `validateService`), and
    /// that no two ports are given one node port.
    private mutating func checkDuplicates(at ports: FieldPath) {
        guard spec.ports.count > 1 else { return }
        struct Claim: Hashable {
            let port: Int
            let `protocol`: String
        }
        var names: [String: Int] = [:]
        var claims: [Claim: Int] = [:]
        for (index, port) in spec.ports.enumerated() {
            let transport = port.protocol ?? "TCP"
            if !port.name.isEmpty, let first = names.updateValue(index, forKey: port.name) {
                report.error(ports[index]["name"], "\(quoted(port.name)) is also the name of \(ports[first])")
            }
            if let number = port.port,
                let first = claims.updateValue(index, forKey: Claim(port: number, protocol: transport))
            {
                report.error(
                    ports[index]["port"], "\(number) with \(transport.brief()) is also the port of \(ports[first])")
            }
        }
        checkNodePortsOnce(at: ports)
    }

    /// Ports of one number and several protocols may share the first node port that one of them is given; no other is
    /// given twice, whatever the protocols (`initNodePorts` in `pkg/registry/core/service/storage/alloc.go`).
    private mutating func checkNodePortsOnce(at ports: FieldPath) {
        var owners: [Int: Int] = [:]
        var shared: [Int: Int] = [:]
        for (index, port) in spec.ports.enumerated() {
            guard let nodePort = port.nodePort, nodePort != 0, let number = port.port else { continue }
            if shared[number] == nodePort { continue }
            if shared[number] == nil { shared[number] = nodePort }
            if let owner = owners[nodePort] {
                report.error(
                    ports[index]["nodePort"], "\(nodePort) is also the node port of \(ports[owner])",
                    hint: "ports share one only if they have one number and several protocols")
            } else {
                owners[nodePort] = index
            }
        }
    }
}
