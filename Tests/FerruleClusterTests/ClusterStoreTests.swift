// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleDiagnostics
import FerruleKubernetes
import Testing

@Suite("The store of a cluster's objects")
struct ClusterStoreTests {
    private static let web = ObjectKey("shop", "web")
    private static let cart = ObjectKey("shop", "cart")

    private func service(_ key: ObjectKey, app: String? = nil) -> ClusterObject {
        var spec = ServiceSpec()
        spec.selector = app.map { ["app": $0] }
        return .service(Service(meta: ObjectMeta(name: key.name, namespace: key.namespace), spec: spec))
    }

    private func slice(_ name: String, of service: String?) -> ClusterObject {
        let labels: Labels = service.map { [EndpointSlice.serviceNameLabel: $0] } ?? [:]
        return .endpointSlice(
            EndpointSlice(meta: ObjectMeta(name: name, namespace: "shop", labels: labels), addressType: "IPv4"))
    }

    private func pod(_ name: String, _ labels: Labels) -> ClusterObject {
        .pod(Pod(meta: ObjectMeta(name: name, namespace: "shop", labels: labels), spec: PodSpec()))
    }

    @Test("A slice concerns the service that it names, and the one that it named")
    func slices() {
        var store = ClusterStore()
        #expect(store.apply([.put(slice("a", of: "web"))]).services == [Self.web])
        #expect(store.apply([.put(slice("a", of: "web"))]).isEmpty, "it stands there already")
        #expect(store.apply([.put(slice("a", of: "cart"))]).services == [Self.web, Self.cart])
        #expect(store.apply([.put(slice("b", of: nil))]).services == [])
        #expect(store.slices(of: Self.cart).map(\.meta.name) == ["a"])
        #expect(store.apply([.delete(.endpointSlice, ObjectKey("shop", "a"))]).services == [Self.cart])
        #expect(store.slices(of: Self.cart).isEmpty && store.slices(of: Self.web).isEmpty)
    }

    @Test("Objects whose names the API server is to choose are one each")
    func nameless() {
        func meta(_ document: Int, file: String = "a.yaml", _ labels: Labels) -> ObjectMeta {
            var meta = ObjectMeta(
                name: "", namespace: "shop", labels: labels, origin: Origin(file: file, document: document))
            meta.generateName = "web-"
            return meta
        }
        var objects = ClusterObjects()
        objects.services = [Service(meta: ObjectMeta(name: "web", namespace: "shop"), spec: ServiceSpec())]
        let ofWeb: Labels = [EndpointSlice.serviceNameLabel: "web"]
        objects.endpointSlices = [meta(0, ofWeb), meta(1, ofWeb), meta(0, file: "b.yaml", ofWeb)].map {
            EndpointSlice(meta: $0, addressType: "IPv4")
        }
        objects.pods = [meta(2, ["app": "web"]), meta(3, ["app": "web"])].map { Pod(meta: $0, spec: PodSpec()) }
        let store = ClusterStore(objects)
        #expect(store.slices(of: Self.web).map(\.meta) == objects.endpointSlices.map(\.meta))
        #expect(store.pods(matching: ["app": "web"], in: "shop").count == 2)
        let keys = store.pods.sortedKeys.map(\.description)
        #expect(keys == ["shop/web-* in a.yaml, document 3", "shop/web-* in a.yaml, document 4"])
        #expect(ObjectKey(ObjectMeta(name: "web", namespace: "shop")) == Self.web)
    }

    @Test("A service's slices are found by name when others have taken their places")
    func places() {
        var store = ClusterStore()
        _ = store.apply(["d", "a", "c", "b"].map { .put(slice($0, of: "web")) })
        _ = store.apply([.put(slice("e", of: "cart")), .delete(.endpointSlice, ObjectKey("shop", "d"))])
        #expect(store.slices(of: Self.web).map(\.meta.name) == ["a", "b", "c"])
        #expect(store.slices(of: Self.cart).map(\.meta.name) == ["e"])
    }

    @Test("A pod concerns the services whose selectors match it, before or after")
    func pods() {
        var store = ClusterStore()
        _ = store.apply([.put(service(Self.web, app: "web")), .put(service(Self.cart, app: "cart"))])
        #expect(store.apply([.put(pod("p", ["app": "web", "x": "y"]))]).services == [Self.web])
        #expect(store.apply([.put(pod("p", ["app": "cart"]))]).services == [Self.web, Self.cart])
        #expect(store.apply([.put(pod("q", ["app": "other"]))]).services == [])
        #expect(store.pods(matching: ["app": "cart"], in: "shop").map(\.meta.name) == ["p"])
        #expect(store.apply([.delete(.pod, ObjectKey("shop", "p"))]).services == [Self.cart])
        #expect(store.pods(matching: ["app": "cart"], in: "shop").isEmpty)
    }

    @Test("Of slices of one name that come together the last counts, as if each had been put")
    func sameName() {
        var objects = ClusterObjects()
        objects.endpointSlices = [slice("a", of: "web"), slice("b", of: "web"), slice("a", of: "cart")].compactMap {
            if case .endpointSlice(let slice) = $0 { slice } else { nil }
        }
        let store = ClusterStore(objects)
        #expect(store.slices(of: Self.web).map(\.meta.name) == ["b"])
        #expect(store.slices(of: Self.cart).map(\.meta.name) == ["a"])
    }

    @Test("A node, or a range of addresses, may concern all; a namespace concerns none")
    func surroundings() {
        var store = ClusterStore()
        let node = ClusterObject.node(Node(meta: ObjectMeta(name: "node-a", namespace: "")))
        #expect(store.apply([.put(node)]).surroundings)
        #expect(store.apply([.put(node)]).isEmpty, "it stands there already")
        #expect(store.apply([.delete(.node, ObjectKey("", "node-a"))]).surroundings)
        let range = ClusterObject.serviceCIDR(ServiceCIDR(meta: ObjectMeta(name: "r", namespace: "")))
        #expect(store.apply([.put(range)]).surroundings)
        let namespace = ClusterObject.namespace(Namespace(meta: ObjectMeta(name: "shop", namespace: "")))
        #expect(store.apply([.put(namespace)]).isEmpty)
    }

    @Test("What is not there can be deleted")
    func absent() {
        var store = ClusterStore()
        for kind: ClusterObject.Kind in [.service, .endpointSlice, .endpoints, .pod, .node, .namespace, .serviceCIDR] {
            #expect(store.apply([.delete(kind, Self.web)]).isEmpty)
        }
        #expect(store.apply([.delete(.workload(.deployment), Self.web)]).isEmpty)
    }
}
