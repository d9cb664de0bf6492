// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes
internal import FerruleParallel

/// The objects of a cluster, by kind, namespace and name.
///
/// It says of each change which services it concerns: an EndpointSlice by its label, an Endpoints object by its name, a pod or a
/// declaration of pods by the selectors that match it.
package struct ClusterStore: Sendable {
    package private(set) var services = ObjectTable<Service>()
    package private(set) var endpointSlices = ObjectTable<EndpointSlice>()
    package private(set) var endpoints = ObjectTable<Endpoints>()
    package private(set) var pods = ObjectTable<Pod>()
    /// By kind, since two kinds may declare pods under one name.
    package private(set) var workloads: [Workload.Kind: ObjectTable<Workload>] = [:]
    package private(set) var nodes = ObjectTable<Node>()
    package private(set) var namespaces = ObjectTable<Namespace>()
    package private(set) var serviceCIDRs = ObjectTable<ServiceCIDR>()

    private var slices = SliceIndex()
    private var podLabels = LabelIndex()
    private var workloadLabels: [Workload.Kind: LabelIndex] = [:]
    /// The services by the labels that they select; made when a pod first changes, since most clusters are fed without pods.
    private var selectors: LabelIndex?

    package init() {}

    /// The objects of an input, as if each had been put; large arrays are taken as they are.
    package init(_ objects: ClusterObjects) {
        let given = objects.endpointSlices
        ((services, endpointSlices), slices) = parallelPair {
            (
                ObjectTable(objects.services) { objects.services.key(at: $0) },
                ObjectTable(given) { given.key(at: $0) }
            )
        } _: {
            SliceIndex(given)
        }
        // Of several slices with one name the last counts.
        if endpointSlices.count < given.count { slices = SliceIndex(endpointSlices.objects) }
        endpoints = ObjectTable(objects.endpoints)
        for pod in objects.pods { put(pod) }
        for workload in objects.workloads { put(workload) }
        nodes = ObjectTable(objects.nodes)
        namespaces = ObjectTable(objects.namespaces)
        serviceCIDRs = ObjectTable(objects.serviceCIDRs)
    }

    /// Carries out changes in their order, and says what they concern. An object that is put as it stands already concerns
    /// nothing.
    package mutating func apply(_ changes: [ClusterChange]) -> Concern {
        var concern = Concern()
        for change in changes {
            switch change {
            case .put(let object): put(object, &concern)
            case .delete(let kind, let key): delete(kind, key, &concern)
            }
        }
        return concern
    }

    /// Where a service stands among the objects of ``services``.
    package func place(ofService key: ObjectKey) -> Int? {
        services.place(of: key) { services.objects.key(at: $0) }
    }

    /// The places of all services in the order of their keys.
    package var sortedServices: [Int] {
        let objects = services.objects
        return objects.indices.sortedPlaces { objects.key(at: $0) }
    }

    // MARK: What belongs to a service

    /// The EndpointSlices that name a service, in the order of their names: where two of them disagree on an endpoint, the
    /// order decides, and it must not be that of their arrival.
    package func slices(of service: ObjectKey) -> [EndpointSlice] {
        slicePlaces(of: service).map { endpointSlices.objects[$0] }
    }

    /// The places of ``slices(of:)`` in their table.
    package func slicePlaces(of service: ObjectKey) -> [Int] {
        let places = slices.places(of: service, in: endpointSlices.objects)
        guard places.count > 1 else { return places }
        let objects = endpointSlices.objects
        return places.sorted { objects[$0].meta.ownName < objects[$1].meta.ownName }
    }

    /// The pods that carry all labels of a selector, by name.
    package func pods(matching selector: Labels, in namespace: String) -> [Pod] {
        podLabels.candidates(selector, in: namespace).sorted().compactMap { pods[$0] }
            .filter { $0.meta.labels.match(selector) }
    }

    /// The declarations of pods that would carry all labels of a selector, by kind and name.
    package func workloads(matching selector: Labels, in namespace: String) -> [Workload] {
        Workload.Kind.allCases.flatMap { kind in
            (workloadLabels[kind]?.candidates(selector, in: namespace) ?? []).sorted()
                .compactMap { workloads[kind]?[$0] }
                .filter { $0.templateLabels.match(selector) }
        }
    }
}

// MARK: - Changes

extension ClusterStore {
    private mutating func put(_ object: ClusterObject, _ concern: inout Concern) {
        switch object {
        case .service(let service):
            let old = services.put(service).old
            guard old != service else { return }
            let key = ObjectKey(service.meta)
            if let selector = old?.spec.selector { selectors?.remove(key, selector) }
            if let selector = service.spec.selector { selectors?.insert(key, selector) }
            concern.services.insert(key)
        case .endpointSlice(let slice):
            let known = endpointSlices.place(of: ObjectKey(slice.meta)) { endpointSlices.objects.key(at: $0) }
            // Slices are large: they are looked at where they stand.
            if let known, endpointSlices.objects[known] == slice { return }
            let former = known.flatMap { EndpointSlice.serviceKey(endpointSlices.objects[$0].meta) }
            let service = slice.serviceKey
            concern.add(service)
            if former != service { concern.add(former) }
            if let known, former != service { slices.remove(known, in: endpointSlices.objects) }
            let place = known ?? endpointSlices.count
            if let known { endpointSlices.replace(at: known, with: slice) } else { _ = endpointSlices.put(slice) }
            if known == nil || former != service { slices.insert(place, in: endpointSlices.objects) }
        case .endpoints(let object):
            guard endpoints.put(object).old != object else { return }
            concern.services.insert(ObjectKey(object.meta))
        case .pod(let pod):
            let old = pods[ObjectKey(pod.meta)]
            guard old != pod else { return }
            remove(pod: old, &concern)
            put(pod)
            concern.pods = true
            concern.services.formUnion(services(selecting: pod.meta.labels, in: pod.meta.namespace))
        case .workload(let workload):
            let old = workloads[workload.kind]?[ObjectKey(workload.meta)]
            guard old != workload else { return }
            remove(workload: old, &concern)
            put(workload)
            concern.pods = true
            concern.services.formUnion(services(selecting: workload.templateLabels, in: workload.meta.namespace))
        case .node(let node): if nodes.put(node).old != node { concern.surroundings = true }
        case .namespace(let namespace): _ = namespaces.put(namespace)
        case .serviceCIDR(let range): if serviceCIDRs.put(range).old != range { concern.surroundings = true }
        }
    }

    private mutating func delete(_ kind: ClusterObject.Kind, _ key: ObjectKey, _ concern: inout Concern) {
        switch kind {
        case .service:
            guard let service = services.remove(key) else { return }
            if let selector = service.spec.selector { selectors?.remove(key, selector) }
            concern.services.insert(key)
        case .endpointSlice:
            guard let place = endpointSlices.place(of: key) else { return }
            slices.remove(place, in: endpointSlices.objects)
            // The table fills the hole with its last object.
            let last = endpointSlices.count - 1
            if place < last { slices.move(last, to: place, in: endpointSlices.objects) }
            concern.add(endpointSlices.remove(key)?.serviceKey)
        case .endpoints: if endpoints.remove(key) != nil { concern.services.insert(key) }
        case .pod: remove(pod: pods[key], &concern)
        case .workload(let kind): remove(workload: workloads[kind]?[key], &concern)
        case .node: if nodes.remove(key) != nil { concern.surroundings = true }
        case .namespace: _ = namespaces.remove(key)
        case .serviceCIDR: if serviceCIDRs.remove(key) != nil { concern.surroundings = true }
        }
    }

    private mutating func put(_ pod: Pod) {
        _ = pods.put(pod)
        podLabels.insert(ObjectKey(pod.meta), pod.meta.labels)
    }

    private mutating func remove(pod: Pod?, _ concern: inout Concern) {
        guard let pod, pods.remove(ObjectKey(pod.meta)) != nil else { return }
        podLabels.remove(ObjectKey(pod.meta), pod.meta.labels)
        concern.pods = true
        concern.services.formUnion(services(selecting: pod.meta.labels, in: pod.meta.namespace))
    }

    private mutating func put(_ workload: Workload) {
        _ = workloads[workload.kind, default: ObjectTable()].put(workload)
        workloadLabels[workload.kind, default: LabelIndex()].insert(ObjectKey(workload.meta), workload.templateLabels)
    }

    private mutating func remove(workload: Workload?, _ concern: inout Concern) {
        guard let workload, workloads[workload.kind]?.remove(ObjectKey(workload.meta)) != nil else { return }
        workloadLabels[workload.kind]?.remove(ObjectKey(workload.meta), workload.templateLabels)
        concern.pods = true
        concern.services.formUnion(services(selecting: workload.templateLabels, in: workload.meta.namespace))
    }

    /// The services whose selectors match some labels.
    private mutating func services(selecting labels: Labels, in namespace: String) -> [ObjectKey] {
        let index = selectors ?? selectorIndex
        selectors = index
        return index.carriers(ofAny: labels, in: namespace).filter { key in
            guard let selector = services[key]?.spec.selector, !selector.isEmpty else { return false }
            return labels.match(selector)
        }
    }
}

extension ClusterStore {
    private var selectorIndex: LabelIndex {
        services.objects.indices.reduce(into: LabelIndex()) { index, place in
            guard let selector = services.objects[place].spec.selector else { return }
            index.insert(services.key(at: place), selector)
        }
    }
}

extension Concern {
    fileprivate mutating func add(_ service: ObjectKey?) {
        if let service { services.insert(service) }
    }
}

extension [Service] {
    @inline(__always)
    fileprivate func key(at place: Int) -> ObjectKey {
        ObjectKey(self[place].meta.namespace, self[place].meta.name, orOf: self[place].meta)
    }
}

extension [EndpointSlice] {
    @inline(__always)
    fileprivate func key(at place: Int) -> ObjectKey {
        ObjectKey(self[place].meta.namespace, self[place].meta.name, orOf: self[place].meta)
    }
}
