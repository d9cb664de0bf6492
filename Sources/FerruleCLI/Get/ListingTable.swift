// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleListing
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleText

/// A listing for people, as `kubectl get` prints it. What the source does not know has no column.
struct ListingTable {
    private static let none = "<none>"

    private let listing: Listing
    private let isWide: Bool

    init(_ listing: Listing, isWide: Bool) { (self.listing, self.isWide) = (listing, isWide) }

    /// A column, with what its cells say of a row.
    private struct Column<Row> {
        let title: String
        let cell: (Row) -> String

        init(_ title: String, _ cell: @escaping (Row) -> String) { (self.title, self.cell) = (title, cell) }
    }

    private func text<Row>(_ columns: [Column<Row>], _ rows: [Row]) -> [UInt8] {
        // Names that stand in the kernel may be anybody's.
        TextTable(columns.map(\.title), rows.map { row in columns.map { $0.cell(row).printable } }).text
    }

    // MARK: Services

    var services: [UInt8] {
        let isKernel = listing.source == .kernel
        var columns: [Column<ServiceRow>] = [
            Column("NAMESPACE") { Self.cell($0.key.namespace) }, Column("NAME", \.key.name),
        ]
        if !isKernel { columns.append(Column("TYPE") { Self.cell($0.type?.rawValue) }) }
        columns += [
            Column("CLUSTER-IP") { $0.kind == .headless ? "None" : Self.cell($0.clusterIPs) },
            Column("EXTERNAL-IP", Self.externalAddresses), Column("PORT(S)") { Self.cell($0.ports.compactMap(\.text)) },
            Column("ENDPOINTS", Self.endpointCount), Column("POLICY") { Self.cell($0.policies) },
        ]
        if isWide { columns.append(Column("ADDRESSES") { Self.cell($0.reachedEndpoints) }) }
        return text(columns, listing.rows)
    }

    private static func externalAddresses(_ row: ServiceRow) -> String {
        if row.kind == .externalName { return cell(row.externalName) }
        let addresses = row.externalAddresses.map(\.description) + row.remoteBalancers
        return row.awaitsBalancer && addresses.isEmpty ? "<pending>" : cell(addresses)
    }

    private static func endpointCount(_ row: ServiceRow) -> String {
        switch row.kind {
        case .externalName, .leftToAnotherProxy: return none
        case .virtual, .headless: break
        }
        guard let ready = row.endpointCount.ready, let all = row.endpointCount.all else {
            return String(row.endpointCount.traffic)
        }
        return "\(ready)/\(all)"
    }

    // MARK: Endpoints

    /// A port of a service, and one of its endpoints; none of a port that has none.
    private struct EndpointLine {
        let service: ServiceRow
        let port: ServicePortRow
        let endpoint: EndpointRow?
    }

    var endpoints: [UInt8] {
        let lines = listing.rows.flatMap { service in
            service.ports.flatMap { port in
                (port.endpoints.isEmpty ? [nil] : port.endpoints.map(Optional.some)).map {
                    EndpointLine(service: service, port: port, endpoint: $0)
                }
            }
        }
        var columns: [Column<EndpointLine>] = [
            Column("NAMESPACE") { Self.cell($0.service.key.namespace) },
            Column("SERVICE") { $0.service.key.name + ($0.port.name.isEmpty ? "" : ":\($0.port.name)") },
            Column("PORT") { Self.cell($0.port.text) }, Column("ENDPOINT") { Self.cell($0.endpoint?.text) },
        ]
        if listing.source == .definitions {
            columns += [
                Column("NODE") { Self.cell($0.endpoint?.nodeName) }, Column("ZONE") { Self.cell($0.endpoint?.zone) },
                Column("STATE") { Self.cell($0.endpoint?.state?.word) },
            ]
            if listing.nodeName != nil { columns.append(Column("LOCAL") { Self.cell($0.endpoint?.isLocal) }) }
            columns.append(Column("TRAFFIC") { Self.cell($0.endpoint?.getsTraffic) })
            if isWide { columns.append(Column("HINTS") { Self.cell($0.endpoint?.hints ?? []) }) }
        }
        return text(columns, lines)
    }

    // MARK: Cells

    private static func cell(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? none }

    private static func cell(_ truth: Bool?) -> String { truth.map { $0 ? "yes" : "no" } ?? none }

    private static func cell(_ values: [some CustomStringConvertible]) -> String {
        values.isEmpty ? none : values.map(\.description).joined(separator: ",")
    }
}

extension ServiceRow {
    /// What is otherwise than by default, without blanks.
    fileprivate var policies: [String] {
        if kind == .leftToAnotherProxy { return ["other-proxy"] }
        var policies: [String] = []
        if internalPolicy == .local { policies.append("internal=Local") }
        if externalPolicy == .local { policies.append("external=Local") }
        if let affinitySeconds { policies.append("affinity=\(affinitySeconds)s") }
        if let sourceRanges { policies.append("sources=\(sourceRanges.count)") }
        return policies
    }

    /// The endpoints that traffic goes to, of all ports, each once.
    fileprivate var reachedEndpoints: [String] {
        let reached = ports.lazy.flatMap(\.endpoints).filter(\.getsTraffic)
        guard ports.count > 1 else { return reached.map(\.text) }
        return Set(reached.compactMap(\.endpoint)).sorted().map(\.description)
    }
}

extension ServicePortRow {
    /// `80/TCP`, `80:30080/TCP`; nil without a port.
    fileprivate var text: String? {
        guard let transport else { return nil }
        return "\(number?.description ?? "")\(nodePort.map { ":\($0)" } ?? "")/\(transport.name.uppercased())"
    }
}

extension EndpointRow {
    /// `10.244.1.12:7070`, or without a port the address.
    var text: String { endpoint?.description ?? address.description }

    fileprivate var hints: [String] { zoneHints + nodeHints }
}

extension EndpointRow.State {
    /// One word for a table.
    fileprivate var word: String { self == .notReady ? "not-ready" : rawValue }
}
