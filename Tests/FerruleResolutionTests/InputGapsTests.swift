// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleNetwork
import FerruleResolution
import Testing

/// What an input lacks to be all that a node has to know.
struct InputGapsTests {
    private static let web = Service.make("web") { $0.selector = ["app": "web"] }
    private static let byHand = Service.make("by-hand")
    private static let headless = Service.make("peers") { spec in
        (spec.selector, spec.clusterIP) = (["app": "peers"], "None")
    }
    private static let slice = EndpointSlice(meta: ObjectMeta(name: "other"), addressType: "IPv4")

    private static func objects(
        _ services: [Service], slices: [EndpointSlice] = [], workloads: [Workload] = [], nodes: [String] = []
    ) -> ClusterObjects {
        var objects = ClusterObjects(services: services, workloads: workloads)
        objects.endpointSlices = slices
        objects.nodes = nodes.map { Node(meta: ObjectMeta(name: $0, namespace: "")) }
        return objects
    }

    private static let cases: [(ClusterObjects, String?)] = [
        (objects([]), "the input holds no Service"),
        (objects([], slices: [slice]), "the input holds no Service"),
        (objects([byHand]), nil),
        (objects([headless]), nil),
        (objects([web, byHand, headless]), "default/web has a selector, but the input holds no EndpointSlice"),
        (
            objects([web, .make("mail") { $0.selector = ["app": "mail"] }]),
            "default/mail and 1 more have selectors, but the input holds no EndpointSlice"
        ),
        (objects([web], slices: [slice]), nil),
        (objects([web], slices: [slice], nodes: ["node-a", "node-b"]), nil),
        (
            objects([web], slices: [slice], nodes: ["node-b", "node-c"]),
            "the input has no Node node-a, only node-b, node-c"
        ),
    ]

    private func gaps(_ objects: ClusterObjects, _ change: (inout ResolutionOptions) -> Void) -> [Diagnostic] {
        var options = ResolutionOptions()
        options.nodeName = "node-a"
        change(&options)
        return ClusterResolver.resolve(objects, options: options).diagnostics.filter { $0.object == nil }
    }

    @Test("to apply it is an error", arguments: cases)
    func refuses(objects: ClusterObjects, message: String?) throws {
        let found = gaps(objects) { $0.refusesGaps = true }
        guard let message else { return #expect(found == []) }
        #expect(found.count == 1)
        let error = try #require(found.first)
        #expect(error.severity == .error && error.message.hasPrefix(message))
        #expect(error.hint?.hasSuffix("--allow-empty applies it nevertheless") == true)
    }

    @Test("elsewhere it is a warning", arguments: cases)
    func warns(objects: ClusterObjects, message: String?) {
        let found = gaps(objects) { _ in }
        #expect(found.map(\.severity) == (message == nil ? [] : [.warning]))
        #expect(found.allSatisfy { message.map($0.message.hasPrefix) == true })
    }

    @Test("the node's addresses, or pods that are assumed, are enough to apply")
    func filled() {
        let stranger = Self.objects([Self.web], slices: [Self.slice], nodes: ["node-b"])
        #expect(
            gaps(stranger) { ($0.refusesGaps, $0.nodeAddresses) = (true, [.init(ipv4: 0xc000_020b)]) }.map(\.severity)
                == [.warning])
        let declared = Self.objects([Self.web], workloads: [.make("web", replicas: 1)])
        #expect(gaps(declared) { $0.refusesGaps = true }.count == 1)
        #expect(gaps(declared) { _ in } == [], "that its pods are only declared is said of the service")
        #expect(gaps(declared) { ($0.refusesGaps, $0.assumePods) = (true, true) } == [])
    }
}
