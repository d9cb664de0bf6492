// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import Testing

@testable import FerruleAgent

@Suite struct OwnNodeTests {
    private func node(_ address: String?) -> Node {
        var node = Node(meta: ObjectMeta(name: "node-a", namespace: ""))
        guard let address else { return node }
        node.addresses = [NodeAddress()]
        (node.addresses[0].type, node.addresses[0].address) = ("InternalIP", address)
        return node
    }

    @Test("a node whose object goes is one that leaves, with all that is known of it, until there is an object again")
    func gone() {
        var own = OwnNode()
        let deletion = ClusterChange.delete(.node, ObjectKey("", "node-a"))
        #expect(own.take(deletion) == deletion && !own.isKnown)
        #expect(own.take(.put(.node(node("192.0.2.1")))) == .put(.node(node("192.0.2.1"))))
        var leaving = node("192.0.2.1")
        leaving.meta.isBeingDeleted = true
        #expect(own.take(deletion) == .put(.node(leaving)) && own.isKnown)
        #expect(own.take(.put(.node(node("192.0.2.2")))) == .put(.node(node("192.0.2.2"))))
    }

    @Test("a node that has no address any more keeps those that are known")
    func withoutAddresses() {
        var own = OwnNode()
        #expect(own.take(.put(.node(node(nil)))) == .put(.node(node(nil))))
        #expect(own.isKnown && !own.hasAddresses)
        _ = own.take(.put(.node(node("192.0.2.1"))))
        #expect(own.take(.put(.node(node(nil)))) == .put(.node(node("192.0.2.1"))))
        #expect(own.hasAddresses)
    }
}
