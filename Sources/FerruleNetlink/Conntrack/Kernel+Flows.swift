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
        var session = NetlinkSession(try connect(.requests))
        var removed = 0
        for family in IPFamily.allCases {
            var stale: [[UInt8]] = []
            _ = try session.dump(ConntrackMessage.dumpRequest(family)) { message in
                guard let flow = ConntrackMessage.Flow(message, family), flow.isStale(flows) else { return }
                stale.append(ConntrackMessage.deletion(of: message, family))
            }
            for deletion in stale { removed += try remove(by: deletion, &session) ? 1 : 0 }
        }
        return removed
    }

    /// Removes one flow; false if it has gone by itself.
    private func remove(by deletion: [UInt8], _ session: inout NetlinkSession) throws(NetlinkError) -> Bool {
        let error = try session.perform(deletion)
        if error.number == 0 { return true }
        if error.meansMissing { return false }
        throw error.meansNotPermitted ? .notPermitted : .systemCall("conntrack", error)
    }
}
