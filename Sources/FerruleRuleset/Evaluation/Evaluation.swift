// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What becomes of a packet: the steps until its way ends, or until chance decides where it goes on.
package struct Evaluation: Sendable, Hashable {
    package let steps: [Step]
    package let ending: Ending

    package enum Ending: Sendable, Hashable {
        case outcome(PacketOutcome)
        /// The shares of these ways add up to one.
        case choice([Branch])
    }

    /// One of the ways that chance decides between.
    package struct Branch: Sendable, Hashable {
        /// Of the packets that come to the choice.
        package let share: Share
        package let rest: Evaluation
    }
}

/// A rule that did something with a packet.
package struct Step: Sendable, Hashable {
    package let chain: ChainPurpose
    package let rule: Rule
    /// What the rule found in a set or map; of several the last. nil where it asked for none, or for one that must not be there.
    package let met: Met?

    package struct Met: Sendable, Hashable {
        package let set: SetPurpose
        package let element: Element
    }
}

/// How the way of a packet ends.
package struct PacketOutcome: Sendable, Hashable {
    package let fate: Fate
    /// Whether the receiver sees an address of the node in place of the sender's.
    package var isMasqueraded = false
    /// What it has written into maps, which those packets of the sender find that come later.
    package var timeoutElements: [TimeoutElement] = []

    package init(fate: Fate, isMasqueraded: Bool = false, timeoutElements: [TimeoutElement] = []) {
        (self.fate, self.isMasqueraded, self.timeoutElements) = (fate, isMasqueraded, timeoutElements)
    }

    package enum Fate: Sendable, Hashable {
        /// It goes on, to this endpoint.
        case dnat(Endpoint)
        /// The sender is told: by a reset, or by ICMP.
        case refused(withTCPReset: Bool)
        case dropped
        /// It goes on to where it was going.
        case passed
        case notKnown(Doubt)
    }

    /// Why it is not known what becomes of a packet.
    package enum Doubt: Error, Sendable, Hashable {
        /// A rule of somebody else, as libnftnl describes it, stands on its way.
        case foreignRule(String, in: ChainName)
        /// The table has, or its way leads to, something that there is no model of.
        case foreignObject(String)
        /// A rule asks for the interface, which is not known.
        case inputInterface(Rule, in: ChainName)
        /// There are more ways, or longer ones, than tables of Ferrule have.
        case tooManyWays
    }
}

extension Evaluation {
    /// The outcomes with the share of each, which add up to one; in the order in which rules name them.
    package var outcomes: [(outcome: PacketOutcome, share: Share)] {
        if case .outcome(let outcome) = ending { return [(outcome, .whole)] }
        var list = OutcomeList()
        forEachOutcome { list.add($0, $1) }
        return list.outcomes
    }

    /// The outcomes in the same order, each with a share; one that several ways have in common comes several times.
    package func forEachOutcome(_ body: (PacketOutcome, Share) -> Void) { visit(.whole, body) }

    private func visit(_ share: Share, _ body: (PacketOutcome, Share) -> Void) {
        switch ending {
        case .outcome(let outcome): body(outcome, share)
        case .choice(let branches):
            for branch in branches {
                if let part = share * branch.share { branch.rest.visit(part, body) }
            }
        }
    }
}

/// Outcomes, each once.
private struct OutcomeList {
    var outcomes: [(outcome: PacketOutcome, share: Share)] = []
    private var places: [PacketOutcome: Int] = Dictionary(minimumCapacity: 16)

    mutating func add(_ outcome: PacketOutcome, _ share: Share) {
        if let place = places[outcome], let sum = outcomes[place].share + share {
            outcomes[place].share = sum
        } else {
            places[outcome] = outcomes.count
            outcomes.append((outcome, share))
        }
    }
}
