// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerruleDiagnostics
import FerruleKubernetes
import FerruleNetlink
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import Testing

@testable import FerruleAgent

@Suite struct NodeKeeperTests {
    private func keeper(_ change: (inout ResolutionOptions) -> Void = { _ in }) throws -> NodeKeeper {
        var options = ResolutionOptions()
        options.nodeName = "node-a"
        change(&options)
        // Nothing is sent: the kernel is not asked.
        return NodeKeeper(Kernel(), options, CompilerOptions(mark: try #require(Mark(bit: 14))), version: "0")
    }

    private func node(_ change: (inout Node) -> Void) -> ClusterChange {
        var node = Node(meta: ObjectMeta(name: "node-a", namespace: ""))
        change(&node)
        return .put(.node(node))
    }

    @Test("a node that is being deleted, or that the autoscaler is about to remove, is going away")
    func leaving() throws {
        var keeper = try keeper()
        _ = keeper.take([node { _ in }])
        _ = keeper.complete()
        #expect(!keeper.isNodeLeaving)
        let news = keeper.take([node { $0.taints = ["ToBeDeletedByClusterAutoscaler"] }])
        #expect(news.lines.isEmpty && keeper.isNodeLeaving)
        _ = keeper.take([node { $0.taints = ["node.kubernetes.io/not-ready"] }])
        #expect(!keeper.isNodeLeaving)
        _ = keeper.take([node { $0.meta.isBeingDeleted = true }])
        #expect(keeper.isNodeLeaving)
    }

    @Test(
        "balancers are told in each family of endpoints that are ready, not of those that leave and take what still arrives"
    )
    func healthChecks() throws {
        let port = try #require(Port(32_000))
        var spec = ServiceSpec()
        (spec.type, spec.clusterIP, spec.externalTrafficPolicy) = ("LoadBalancer", "10.96.0.10", "Local")
        (spec.ports, spec.healthCheckNodePort) = ([ServicePort()], 32_000)
        (spec.clusterIPs, spec.ipFamilies) = (["10.96.0.10", "fd00:10:96::10"], ["IPv4", "IPv6"])
        spec.ports[0].port = 80
        let service = Service(meta: ObjectMeta(name: "web"), spec: spec)
        func slice(_ areReady: [Bool], on node: String = "node-a") -> ClusterChange {
            var slice = EndpointSlice(
                meta: ObjectMeta(name: "web-1", labels: [EndpointSlice.serviceNameLabel: "web"]), addressType: "IPv4")
            slice.ports = [EndpointPort()]
            slice.ports[0].port = 8080
            slice.endpoints = areReady.enumerated().map { number, isReady in
                var endpoint = EndpointSlice.Endpoint()
                endpoint.addresses = ["10.244.0.\(number + 1)"]
                endpoint.nodeName = node
                (endpoint.ready, endpoint.serving, endpoint.terminating) = (isReady, true, !isReady)
                return endpoint
            }
            return .put(.endpointSlice(slice))
        }
        var keeper = try keeper()
        _ = keeper.take([node { _ in }, .put(.service(service)), slice([true, false])])
        _ = keeper.complete()
        #expect(Array(keeper.healthChecks.values) == [.init(port: port, localEndpoints: [.ipv4: 1, .ipv6: 0])])
        _ = keeper.take([slice([false, false])])
        #expect(Array(keeper.healthChecks.values) == [.init(port: port, localEndpoints: [.ipv4: 0, .ipv6: 0])])
        #expect(keeper.localGaps == LocalGaps())
        // On another node, after whichever change.
        _ = keeper.take([slice([true, true], on: "node-b")])
        #expect(Array(keeper.healthChecks.values) == [.init(port: port, localEndpoints: [.ipv4: 0, .ipv6: 0])])
        #expect(keeper.localGaps[.external, .ipv4] == 1 && keeper.localGaps[.internal, .ipv4] == 0)
        _ = keeper.complete()
        #expect(keeper.localGaps[.external, .ipv4] == 1 && keeper.localGaps[.external, .ipv6] == 0)
        _ = keeper.take([slice([true, true])])
        #expect(keeper.localGaps[.external, .ipv4] == 0)
    }

    @Test("what is to be known of the cluster is said also where all services are resolved again")
    func diagnostics() throws {
        var keeper = try keeper()
        _ = keeper.take([node { $0.podCIDRs = ["10.244.0.0/24"] }])
        _ = keeper.complete()
        let later = keeper.take([node { $0.podCIDRs = [] }])
        #expect(later.lines == ["the node or the ranges of the cluster: all services resolved again"])
        #expect(!later.diagnostics.isEmpty)
    }

    @Test("why a port has no endpoints is said of a service of a server; who reads files says it of theirs")
    func portWithoutEndpoints() throws {
        for (file, isTold) in [("", true), ("web.yaml", false)] {
            var spec = ServiceSpec()
            (spec.clusterIP, spec.ports) = ("10.96.0.10", [ServicePort()])
            spec.ports[0].port = 80
            var slice = EndpointSlice(
                meta: ObjectMeta(name: "web-1", labels: [EndpointSlice.serviceNameLabel: "web"]), addressType: "IPv4")
            slice.ports = [EndpointPort()]
            slice.ports[0].name = "htp"
            slice.ports[0].port = 8080
            slice.endpoints = [EndpointSlice.Endpoint()]
            slice.endpoints[0].addresses = ["10.244.0.1"]
            let service = Service(meta: ObjectMeta(name: "web", origin: Origin(file: file)), spec: spec)
            var keeper = try keeper()
            _ = keeper.take([.put(.service(service)), .put(.endpointSlice(slice))])
            let messages = keeper.complete().map(\.message)
            #expect(messages.contains { $0.contains("the port has no endpoints") } == isTold, "\(messages)")
        }
    }

    @Test("services of a server that claim one external address are told, once for each pair; those of files not again")
    func claims() throws {
        func service(_ name: String, _ address: String, file: String = "") -> ClusterChange {
            var spec = ServiceSpec()
            (spec.clusterIP, spec.externalIPs, spec.ports) = ("None", [address], [ServicePort()])
            spec.ports[0].port = 80
            return .put(.service(Service(meta: ObjectMeta(name: name, origin: Origin(file: file)), spec: spec)))
        }
        func told(_ diagnostics: [Diagnostic]) -> [String] {
            diagnostics.filter { $0.message.contains("only one gets it") }.map { "\($0.object ?? "") \($0.message)" }
        }
        let words = "198.51.100.9 with port 80 and TCP is also claimed by Service default/"
        var keeper = try keeper()
        _ = keeper.take([service("a", "198.51.100.9"), service("b", "198.51.100.9"), node { _ in }])
        #expect(told(keeper.complete()) == ["Service default/b \(words)a; only one gets it"])
        #expect(
            told(keeper.take([service("c", "198.51.100.9")]).diagnostics) == [
                "Service default/c \(words)a; only one gets it"
            ])
        #expect(told(keeper.take([service("c", "198.51.100.9")]).diagnostics).isEmpty)
        _ = keeper.take([.delete(.service, ObjectKey("default", "a")), service("c", "198.51.100.8")])
        #expect(
            told(keeper.take([service("c", "198.51.100.9")]).diagnostics) == [
                "Service default/c \(words)b; only one gets it"
            ])
        #expect(told(keeper.take([service("d", "198.51.100.9", file: "d.yaml")]).diagnostics).isEmpty)
    }

    @Test("other options hold for all that is known")
    func options() throws {
        var keeper = try keeper()
        let mark = try #require(Mark(bit: 3))
        let early = keeper.change(to: ResolutionOptions(), CompilerOptions(mark: mark))
        #expect(early.lines.isEmpty)
        _ = keeper.complete()
        var other = ResolutionOptions()
        other.nodeName = "node-a"
        let news = keeper.change(to: other, CompilerOptions(mark: mark))
        #expect(news.lines == ["the configuration: all services resolved again"])
    }
}
