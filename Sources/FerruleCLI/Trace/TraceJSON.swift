// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleRuleset
internal import FerruleTraffic

/// The JSON of `trace`, version 1.
struct TraceJSON: Encodable {
    struct Packet: Encodable {
        let from: String
        let to: String
        let port: UInt16
        let `protocol`: String
        let interface: Nullable<String>
    }

    struct Outcome: Encodable {
        /// `unknown` where somebody else's rules decide.
        let verdict: String
        let endpoint: Nullable<String>
        let masquerade: Bool
        let share: Double
        let service: Nullable<String>
        let sticky: Bool
        let pod: Nullable<String>
        let node: Nullable<String>
    }

    struct Step: Encodable {
        let chain: String
        let rule: String
        let element: Nullable<String>
        let why: String
    }

    let version = 1
    let packet: Packet
    let outcomes: [Outcome]
    let steps: [Step]
    /// Why the packet is not translated, and what would have to be otherwise.
    let reason: Nullable<String>
    let remedy: Nullable<String>

    init(_ answer: TrafficAnswer) {
        let asked = answer.packet
        packet = Packet(
            from: "\(asked.source)", to: "\(asked.destination.address)", port: asked.destination.port.number,
            protocol: asked.transport.name, interface: Nullable(asked.inputInterface))
        outcomes = answer.outcomes.map { outcome in
            Outcome(
                verdict: outcome.verdict.rawValue, endpoint: Nullable(outcome.endpoint?.description),
                masquerade: outcome.isMasqueraded, share: outcome.share.value, service: Nullable(answer.service?.label),
                sticky: outcome.isSticky, pod: Nullable(outcome.pod?.description), node: Nullable(outcome.node))
        }
        steps = answer.steps.map { step in
            Step(
                chain: "\(step.chain)", rule: step.rule.text(asked.family),
                element: Nullable(step.element?.description),
                why: step.why)
        }
        (reason, remedy) = (Nullable(answer.reason), Nullable(answer.remedy))
    }
}

/// A value that stands as `null` where there is none, so that readers need not ask whether the member is there.
struct Nullable<Value: Encodable>: Encodable {
    private let value: Value?

    init(_ value: Value?) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}
