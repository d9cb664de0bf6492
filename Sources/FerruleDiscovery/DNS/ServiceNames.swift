// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleNetwork
internal import FerruleResolution

/// The names of one service, and what each leads to: those of the Kubernetes DNS specification, and what CoreDNS answers
/// besides.
struct ServiceNames {
    /// In the cluster's zone.
    private(set) var records: [DNSRecord] = []
    /// Absolute names of endpoints, with their addresses.
    private(set) var pointers: [(address: IPAddress, target: String)] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// The absolute name that the service's stands for, without the dot at the end; nil where it stands for itself.
    private(set) var alias: String?

    private let service: NamedService
    private let domain: String

    /// - Parameter domain: the cluster's, without the dot at the end.
    init(_ service: NamedService, domain: String) {
        (self.service, self.domain) = (service, domain)
        guard isHeld(service.domainName) else { return }
        switch service.kind {
        case .externalName(let target): addAlias(target)
        case .virtual:
            addVirtual()
            addEndpoints()
        case .headless:
            addHeadless()
            addEndpoints()
        }
    }

    // MARK: The service's own name

    private mutating func addAlias(_ text: String) {
        let target = text.hasSuffix(".") ? String(text.dropLast()) : text
        if IPAddress(target) != nil {
            warn("\(quoted(target)) is an address, and DNS has aliases of names alone: the service has no name")
        } else if let problem = DNSName.problem(target) {
            warn("the name \(quoted(target)) \(problem): the service has no name")
        } else {
            records.append(DNSRecord(service.domainName, .canonicalName(target)))
            alias = target
        }
    }

    private mutating func addVirtual() {
        let name = service.domainName
        records += service.clusterIPs.sortedUnique().map { DNSRecord(name, .address($0)) }
        let target = absolute(name)
        let answers = service.ports.flatMap { port in
            service.clusterIPs.map { _ in ServiceAnswer(port.name, port.protocol, port.number, target: target) }
        }
        addServices(answers, at: name)
        addNamedPorts(answers)
    }

    private mutating func addHeadless() {
        let endpoints = readyEndpoints
        records += endpoints.map(\.address).sortedUnique().map { DNSRecord(service.domainName, .address($0)) }
        let answers = endpoints.flatMap(answers)
        addServices(answers, at: service.domainName)
        addNamedPorts(answers)
    }

    private mutating func addNamedPorts(_ answers: [ServiceAnswer]) {
        let named = Dictionary(grouping: answers.filter { !$0.label.isEmpty }, by: \.label)
        for (label, answers) in named.sorted(by: { $0.key < $1.key }) {
            let name = "\(label).\(service.domainName)"
            if isHeld(name, isOfService: true) { addServices(answers, at: name) }
        }
    }

    // MARK: Endpoints

    private var readyEndpoints: [HeadlessEndpoint] { service.endpoints.filter(\.isReady) }

    /// Each endpoint has a name below the service's: its own, else that of its address. CoreDNS answers that also where the
    /// service has a ClusterIP.
    private mutating func addEndpoints() {
        let named = Dictionary(grouping: readyEndpoints, by: \.label)
        for (label, endpoints) in named.sorted(by: { $0.key < $1.key }) {
            let name = "\(label).\(service.domainName)"
            guard isHeld(name) else { continue }
            let addresses = endpoints.map(\.address).sortedUnique()
            records += addresses.map { DNSRecord(name, .address($0)) }
            addServices(endpoints.flatMap(answers), at: name)
            pointers += addresses.map { ($0, absolute(name)) }
        }
    }

    /// One for each port; one without a port counts where weights are shared.
    private func answers(_ endpoint: HeadlessEndpoint) -> [ServiceAnswer] {
        let target = absolute("\(endpoint.label).\(service.domainName)")
        guard !endpoint.ports.isEmpty else { return [ServiceAnswer(target: target)] }
        return endpoint.ports.map { ServiceAnswer($0.name, $0.protocol, $0.number, target: target) }
    }

    // MARK: Common

    /// The SRV records of a name: each port of a target once, of weights that are shared among all answers, as CoreDNS does.
    private mutating func addServices(_ answers: [ServiceAnswer], at name: String) {
        let weight = UInt16(max(100 / max(answers.count, 1), 1))
        var seen: Set<ServiceAnswer.Place> = []
        let places = answers.compactMap(\.place).filter {
            DNSName.problem($0.target) == nil && seen.insert($0).inserted
        }
        records += places.sorted().map {
            DNSRecord(name, .service(weight: weight, port: $0.port, target: $0.target))
        }
    }

    private func absolute(_ name: String) -> String { "\(name).\(domain)" }

    /// Whether DNS can hold a name; says so where not.
    private mutating func isHeld(_ name: String, isOfService: Bool = false) -> Bool {
        let absolute = absolute(name)
        guard let problem = DNSName.problem(absolute, isOfService: isOfService) else { return true }
        warn("the name \(absolute.brief()) \(problem): it is left out")
        return false
    }

    private mutating func warn(_ message: String) {
        diagnostics.append(
            Diagnostic(.warning, message, object: "Service \(service.key)", origin: service.origin))
    }
}

extension NamedService {
    /// Below the cluster's domain: `web.shop.svc`.
    var domainName: String { "\(key.name).\(key.namespace).svc" }
}

extension HeadlessEndpoint {
    /// The endpoint's name below its service's: its own, else its address with dashes. Of an IPv6 address that ends in `::` a
    /// zero is written, since no name ends in a dash.
    fileprivate var label: String {
        if let hostname { return hostname }
        let label = address.dashed
        return label.hasSuffix("-") ? label + "0" : label
    }
}

extension IPAddress {
    /// `10-244-1-7`, `fd00-10-244--7`
    var dashed: String { description.replacing(family == .ipv4 ? "." : ":", with: "-") }
}

/// Something that serves a service: what an SRV record is made of.
private struct ServiceAnswer {
    struct Place: Hashable, Comparable {
        let target: String
        let port: Port

        static func < (left: Place, right: Place) -> Bool {
            left.target == right.target ? left.port < right.port : left.target < right.target
        }
    }

    /// `_http._tcp`; empty for a port without a name.
    let label: String
    /// nil where there is no port.
    let place: Place?

    init(_ name: String, _ transport: TransportProtocol, _ port: Port, target: String) {
        label = name.isEmpty ? "" : "_\(name)._\(transport.name)"
        place = Place(target: target, port: port)
    }

    init(target: String) { (label, place) = ("", nil) }
}
