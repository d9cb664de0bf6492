// SPDX-License-Identifier: Apache-2.0

/// Which endpoints some maps and chains are about: for which kind of key, and those of the whole cluster or of this node.
///
/// Virtual addresses and node ports never share slots: with a slot missing for a moment, one service's packets would reach
/// another's pods.
package struct SlotScope: Sendable, Hashable {
    /// Whether the keys are node ports, rather than virtual addresses with ports.
    package let isNodePort: Bool
    /// Whether the endpoints are those on this node, for the traffic policy Local.
    package let isLocal: Bool

    package init(isNodePort: Bool, isLocal: Bool) { (self.isNodePort, self.isLocal) = (isNodePort, isLocal) }

    /// Virtual addresses before node ports, the cluster before this node.
    package static let all = [false, true].flatMap { isNodePort in
        [false, true].map { SlotScope(isNodePort: isNodePort, isLocal: $0) }
    }

    /// Where the endpoints of parts stand, whatever the scope of their service: their addresses are like virtual ones.
    package static let ofParts = SlotScope(isNodePort: false, isLocal: false)
}

extension SlotScope {
    /// The values of a key, one behind the other.
    package var keyType: [SetDefinition.DataType] { (isNodePort ? [] : [.address]) + [.transportProtocol, .port] }

    /// What names begin with: `nodeport-local-`, `nodeport-`, `local-` or nothing.
    package var prefix: String { nodePortPrefix(isNodePort) + localPrefix(isLocal) }

    /// Takes ``prefix`` off the start of a name.
    init(takenFrom name: inout Substring) {
        let isNodePort = name.take("nodeport-")
        self.init(isNodePort: isNodePort, isLocal: name.take("local-"))
    }
}

/// What names of objects for node ports begin with.
func nodePortPrefix(_ isNodePort: Bool) -> String { isNodePort ? "nodeport-" : "" }

/// What names of objects for the endpoints on this node begin with, behind ``nodePortPrefix(_:)``.
func localPrefix(_ isLocal: Bool) -> String { isLocal ? "local-" : "" }

extension Substring {
    /// Takes a start off; whether it was there.
    mutating func take(_ start: String) -> Bool {
        guard hasPrefix(start) else { return false }
        removeFirst(start.count)
        return true
    }
}
