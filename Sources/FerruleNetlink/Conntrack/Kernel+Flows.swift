// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
package import FerruleRuleset

extension Kernel {
    /// Removes established UDP flows of services whose endpoint does not serve any more, so that the next packet is given
    /// another; all other flows stay.
    ///
    /// As in kube-proxy (`CleanStaleEntries`): a flow is judged by its original destination, a virtual address or node port, and
    /// by where its replies come from.
    ///
    /// - Returns: how many were removed.
    package func removeStaleFlows(_ flows: DatagramFlows) throws(NetlinkError) -> Int {
        guard !flows.endpoints.isEmpty else { return 0 }
        let socket = try NetlinkSocket()
        var removed = 0
        for family in IPFamily.allCases {
            let request = ConntrackMessage.dumpRequest(family)
            let stale = try dump(request, socket).filter { message in
                guard let flow = ConntrackMessage.Flow(message, family) else { return false }
                return flow.isStale(flows)
            }
            for message in stale { removed += try remove(message, family, socket) ? 1 : 0 }
        }
        return removed
    }

    /// Removes one flow; false if it has gone by itself.
    private func remove(
        _ message: NetlinkMessage, _ family: IPFamily, _ socket: borrowing NetlinkSocket
    ) throws(NetlinkError) -> Bool {
        try socket.send(ConntrackMessage.deletion(of: message, family)[...])
        while case .datagram(let datagram) = try socket.receive(wait: true) {
            for error in NetlinkMessage.split(datagram).compactMap(\.error) {
                if error.number == 0 { return true }
                if error.meansMissing { return false }
                throw error.meansNotPermitted ? .notPermitted : .systemCall("conntrack", error)
            }
        }
        throw .repliesLost("there were more than the socket could hold")
    }
}
