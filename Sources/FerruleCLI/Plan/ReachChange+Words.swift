// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleText

extension ReachChange {
    /// `outside can now reach shop/cart:grpc 7070/TCP at node port 30070 (only pods and nodes could)`; where they could on other
    /// nodes ` on node-c (only pods and nodes could there)`.
    var words: String {
        let verb = isGain ? "can now reach" : "can no longer reach"
        return "\(listed(clients)) \(verb) \(what) at \(listed(addresses(frontends)))\(nodeWords) (\(otherWords))"
    }

    /// `shop/cart:grpc 7070/TCP`
    private var what: String {
        guard let port, let transport else { return service.label }
        return "\(service.label) \(port)/\(transport.name.uppercased())"
    }

    /// `10.96.0.10`, `node port 30070`, `node port 30070 (IPv6)`: of a node port that both families have no family is said.
    private func addresses(_ frontends: [Frontend]) -> [String] {
        let ofIPv4 = Set(frontends.lazy.filter { $0.address == nil && $0.family == .ipv4 }.map(\.port))
        return frontends.reduce(into: []) { addresses, frontend in
            let isOfIPv6 = frontend.family == .ipv6 && !ofIPv4.contains(frontend.port)
            let nodePort = frontend.port.map { "node port \($0)\(isOfIPv6 ? " (IPv6)" : "")" }
            let address = frontend.address?.description ?? nodePort ?? "\(frontend)"
            if !addresses.contains(address) { addresses.append(address) }
        }
    }

    /// Places that bear no name are nodes that have an endpoint, or had one, no more than the others.
    private var nodeWords: String {
        places.map { " " + PlanWording.words($0, "on nodes without an endpoint") } ?? ""
    }

    private var otherWords: String {
        guard places != nil else { return words(others) }
        // What is said of nodes must be true of the address that is named.
        let direct = others.filter { !detours.clients.contains($0) }
        guard !detours.clients.isEmpty else { return "\(words(direct)) there" }
        let detour = "at \(listed(addresses(detours.frontends)))"
        return direct.isEmpty
            ? "\(words(detours.clients)), \(detour)"
            : "\(words(direct)) there; \(listed(detours.clients)) \(detour)"
    }

    private func words(_ others: [Client]) -> String {
        if others.isEmpty { return isGain ? "nobody could" : "nobody can" }
        return isGain ? "only \(listed(others)) could" : "\(listed(others)) still can"
    }

    private func listed(_ clients: [Client]) -> String { PlanWording.listed(clients.map(\.words)) }

    private func listed(_ texts: [String]) -> String { PlanWording.listed(texts) }
}

extension Client {
    fileprivate var words: String {
        switch self {
        case .pods: "pods"
        case .nodes: "nodes"
        case .outside: "outside"
        case .range(let range): range.description
        }
    }
}

extension [ReachChange] {
    /// The first so many, each with its sign, and how many there are besides.
    func lines(atMost limit: Int) -> [(sign: String, text: String)] {
        let shown = prefix(limit).map { (sign: $0.isGain ? "+" : "-", text: $0.words) }
        guard count > limit else { return shown }
        return shown + [(sign: " ", text: "and \((count - limit).grouped) more, which --format json names")]
    }
}
