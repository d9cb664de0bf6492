// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
package import FerruleNetwork
internal import FerruleRuleset
internal import FerruleText

/// What follows an apply. Traffic has its ruleset already, so what cannot be done here is no failure: it is told, and the next
/// apply tries again.
package struct Tidying: Sendable, Equatable {
    /// How many tracked connections that the ruleset contradicts were removed, by protocol.
    package var removedFlows: [TransportProtocol: Int] = [:]
    /// What could not be done, and what comes of it.
    package var problems: [String] = []

    /// Removes what packets have remembered meanwhile and what is tracked, as far as it leads to what is gone.
    ///
    /// - Parameters:
    ///   - former: what was served before, by family.
    ///   - localAddresses: those that the node has.
    mutating func run(
        _ kernel: Kernel, _ ruleset: Ruleset, former: [IPFamily: ServedAddresses], localAddresses: Set<IPAddress>
    ) {
        forgetClients(kernel, ruleset)
        removeFlows(kernel, ruleset.served, former: former, localAddresses: localAddresses)
    }

    /// Removes what packets have remembered in the dynamic maps of a ruleset, as far as it leads to what is gone.
    mutating func forgetClients(_ kernel: Kernel, _ ruleset: Ruleset) {
        do throws(NetlinkError) {
            try kernel.purgeDynamicSets(of: ruleset)
        } catch {
            problems.append(
                "what session affinity remembers could not be looked through (\(error.wording)): clients may be led to "
                    + "endpoints that are gone until they are forgotten")
        }
    }

    /// Removes what is tracked and leads to what is gone.
    ///
    /// - Parameters:
    ///   - former: what was served before, by family.
    ///   - localAddresses: those that the node has.
    mutating func removeFlows(
        _ kernel: Kernel, _ served: [IPFamily: ServedAddresses], former: [IPFamily: ServedAddresses],
        localAddresses: Set<IPAddress>
    ) {
        var judges: [IPFamily: FlowJudge] = [:]
        for (family, served) in served {
            judges[family] = FlowJudge(served, former: former[family], localAddresses: localAddresses)
        }
        removeFlows(kernel, judges)
    }

    /// Removes what is tracked and is judged to lead to what is gone.
    mutating func removeFlows(_ kernel: Kernel, _ judges: [IPFamily: FlowJudge]) {
        let consequence =
            ": UDP clients may stay with endpoints that are gone, and senders that were never answered pass by source "
            + "ranges that leave them out"
        do throws(NetlinkError) {
            let removal = try kernel.removeFlows(judges)
            removedFlows = removal.removed
            if let refusal = removal.refusal {
                problems.append("tracked connections could not all be removed (\(refusal))" + consequence)
            }
        } catch {
            problems.append("tracked connections could not be looked through (\(error.wording))" + consequence)
        }
    }
}

extension Tidying {
    /// `3 tracked connections removed (2 udp, 1 tcp)`; nil if there were none.
    package var text: String? {
        let counts = TransportProtocol.allCases.sorted { $0.name > $1.name }.compactMap { transport in
            removedFlows[transport].map { "\($0) \(transport.name)" }
        }
        guard !counts.isEmpty else { return nil }
        return "\(counted(flowCount, "tracked connection")) removed (\(counts.joined(separator: ", ")))"
    }

    package var flowCount: Int { removedFlows.values.reduce(0, +) }
}
