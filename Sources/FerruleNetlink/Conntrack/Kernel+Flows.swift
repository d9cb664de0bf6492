// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
package import FerruleNetwork
package import FerruleRuleset

extension Kernel {
    /// What became of the tracked connections that a ruleset contradicts.
    package struct FlowRemoval: Sendable, Equatable {
        /// How many were removed.
        package var removed: [TransportProtocol: Int] = [:]
        /// Why the first was not of those that the kernel would not remove.
        package var refusal: ErrorNumber?
    }

    /// Removes the tracked connections that a ruleset contradicts, so that their next packet meets its rules; all others stay.
    ///
    /// What the kernel lists is looked at as it arrives, and only what has to be removed is kept.
    ///
    /// - Parameter judges: which ones these are, by family.
    package func removeFlows(_ judges: [IPFamily: FlowJudge]) throws(NetlinkError) -> FlowRemoval {
        var removal = FlowRemoval()
        var session = NetlinkSession(try connect(.requests))
        for family in IPFamily.allCases {
            guard let judge = judges[family], !judge.isIdle else { continue }
            var contradicted: [(transport: TransportProtocol, deletion: [UInt8])] = []
            _ = try session.dump(ConntrackMessage.dumpRequest(family)) { message in
                guard ConntrackMessage.mayConcernJudge(message),
                    let flow = ConntrackMessage.flow(message, family), judge.contradicts(flow)
                else { return }
                contradicted.append((flow.transport, ConntrackMessage.deletion(of: message, family)))
            }
            for (transport, deletion) in contradicted {
                let error = try session.perform(deletion)
                if error.number == 0 { removal.removed[transport, default: 0] += 1 }
                // One that is missing has ended by itself; one that the kernel refuses to remove does not keep the others.
                if error.number != 0, !error.meansMissing, removal.refusal == nil { removal.refusal = error }
            }
        }
        return removal
    }
}
