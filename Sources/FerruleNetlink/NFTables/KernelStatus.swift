// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
package import FerruleRuleset

/// What stands in the kernel under Ferrule's table names.
package struct KernelStatus: Sendable, Equatable {
    package struct TableStatus: Sendable, Equatable {
        package let name: TableName
        package let chains: Int
        /// Sets and maps, the anonymous ones of rules included.
        package let sets: Int
        package let elements: Int
        /// nil where the table was not made by `ferrule apply`.
        package let provenance: Provenance?
    }

    /// The tables that exist.
    package let tables: [TableStatus]
}

extension Kernel {
    /// Reads those of the given tables that exist, and counts what is in them. Needs CAP_NET_ADMIN.
    package func status(of tables: [TableName]) throws(NetlinkError) -> KernelStatus {
        try rereading { () throws(NetlinkError) in try readStatus(of: tables) }
    }

    private func readStatus(of tables: [TableName]) throws(NetlinkError) -> KernelStatus {
        let socket = try NetlinkSocket()
        var found: [KernelStatus.TableStatus] = []
        for table in tables {
            let chains = try dump(NFT_MSG_GETCHAIN, table, socket).filter {
                $0.text(Int(NFTA_CHAIN_TABLE.rawValue)) == table.name
            }
            guard !chains.isEmpty else { continue }
            let record = chains.first { $0.text(Int(NFTA_CHAIN_NAME.rawValue)) == ChainPurpose.record.name.description }
            let sets = try setNames(of: table, socket)
            var elements = 0
            for set in sets {
                elements += try dump(NFT_MSG_GETSETELEM, table, set: set, socket).reduce(0) {
                    $0 + ElementList.count(in: $1)
                }
            }
            found.append(
                KernelStatus.TableStatus(
                    name: table, chains: chains.count, sets: sets.count, elements: elements,
                    provenance: record.flatMap(Kernel.provenance)))
        }
        return KernelStatus(tables: found)
    }

    /// The record that is kept with a chain.
    private static func provenance(_ chain: NetlinkMessage) -> Provenance? {
        record(chain).flatMap { Provenance(record: $0) }
    }

    /// The text of that record.
    static func record(_ chain: NetlinkMessage) -> String? {
        let bytes = chain.attributes.first { $0.type == Int(NFTA_CHAIN_USERDATA.rawValue) }?.value(in: chain.bytes)
        return bytes.flatMap { UserData.record(in: Array($0)) }
    }

    /// Reads again while somebody changes the ruleset meanwhile, twenty times at most.
    func rereading<Result>(_ read: () throws(NetlinkError) -> Result) throws(NetlinkError) -> Result {
        for _ in 0..<20 {
            do throws(NetlinkError) {
                return try read()
            } catch .systemCall(_, let error) where error.meansChangedUnderway {
                continue
            }
        }
        return try read()
    }

    /// The sets and maps of a table, the anonymous ones of rules included.
    func setNames(of table: TableName, _ socket: borrowing NetlinkSocket) throws(NetlinkError) -> [String] {
        try dump(NFT_MSG_GETSET, table, socket).filter {
            $0.text(Int(NFTA_SET_TABLE.rawValue)) == table.name
        }.compactMap { $0.text(Int(NFTA_SET_NAME.rawValue)) }
    }

    /// All objects of a kind in the table's family, or all elements of one set; an error that means so where somebody
    /// changes the ruleset meanwhile.
    func dump(
        _ type: nf_tables_msg_types, _ table: TableName, set: String? = nil, _ socket: borrowing NetlinkSocket
    ) throws(NetlinkError) -> [NetlinkMessage] {
        try dump(BatchEncoder.dumpRequest(type, table, set: set), socket)
    }

    /// The objects that the kernel answers a dump request with.
    func dump(_ request: [UInt8], _ socket: borrowing NetlinkSocket) throws(NetlinkError) -> [NetlinkMessage] {
        var objects: [NetlinkMessage] = []
        try dump(request, socket) { objects.append($0) }
        return objects
    }

    /// Hands over each object that the kernel answers a dump request with, as it arrives.
    func dump(
        _ request: [UInt8], _ socket: borrowing NetlinkSocket, _ read: (NetlinkMessage) -> Void
    ) throws(NetlinkError) {
        try socket.send(request[...])
        var wasInterrupted = false
        while true {
            guard case .datagram(let datagram) = try socket.receive(wait: true) else {
                throw .repliesLost("there were more than the socket could hold")
            }
            for message in NetlinkMessage.split(datagram) {
                wasInterrupted = wasInterrupted || message.flags & UInt16(NLM_F_DUMP_INTR) != 0
                if let error = message.error, error.number != 0 {
                    throw .asking(request, error)
                }
                if message.type == UInt16(NLMSG_DONE) {
                    if wasInterrupted { throw .systemCall("netlink dump", .interruptedDump) }
                    return
                }
                read(message)
            }
        }
    }
}
