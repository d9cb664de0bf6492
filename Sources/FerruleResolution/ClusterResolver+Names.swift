// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleDiagnostics
internal import FerruleKubernetes

/// The services of a cluster as they are found.
package struct NamedServices: Sendable {
    /// In the order of namespace and name.
    package fileprivate(set) var services: [NamedService] = []
    /// What was allocated for services that do not say their ClusterIP.
    package fileprivate(set) var lock = AllocationLock()
    package fileprivate(set) var diagnostics: [Diagnostic] = []
}

extension ClusterResolver {
    /// The services as the variables of containers tell of them, without their endpoints.
    ///
    /// - Parameter isWanted: whether a service of a namespace is asked for.
    package func namedServices(where isWanted: (_ namespace: String) -> Bool) -> NamedServices {
        let reader = reader
        var named = NamedServices(
            lock: allocations.lock, diagnostics: reader.size.diagnostics + allocations.diagnostics)
        for place in store.sortedServices where isWanted(store.services.objects[place].meta.namespace) {
            named.services.append(reader.readNames(store.services.objects[place], withEndpoints: false))
        }
        return named
    }

    /// All services as the cluster's DNS tells of them, with their endpoints.
    package func namedServices() -> NamedServices {
        let reader = reader
        var named = NamedServices()
        named.services = mapAll { reader.readNames($0, withEndpoints: true) }
        let empty = named.services.filter { $0.kind == .headless && $0.endpoints.isEmpty }.map(\.key)
        named.lock = allocations.lock
        named.diagnostics =
            reader.size.diagnostics + assumptions + allocations.diagnostics
            + EndpointWarnings(reader.store, assumesPods: options.assumePods).diagnostics(ofEmpty: empty)
            + InputGaps(store: reader.store, options: options).endpoints(needs: \.isHeadless)
        return named
    }
}
