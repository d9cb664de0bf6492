// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// Checks all objects of an input, each by itself and against the others.
package enum ClusterValidator {
    /// Everything that is wrong, by file, document and place in the document.
    ///
    /// Errors are what no API server would accept. What one has stored is never refused, and where something is hardly
    /// meant there is a warning.
    package static func validate(_ objects: ClusterObjects, options: ValidationOptions = ValidationOptions())
        -> [Diagnostic]
    {
        var found = DiagnosticList()
        func add(_ diagnostics: [Diagnostic]) { found.append(contentsOf: diagnostics) }
        for service in objects.services { add(ServiceValidator.diagnostics(of: service, options: options)) }
        for slice in objects.endpointSlices { add(EndpointSliceValidator.diagnostics(of: slice)) }
        for endpoints in objects.endpoints { add(EndpointsValidator.diagnostics(of: endpoints)) }
        for pod in objects.pods { add(PodSpecValidator.diagnostics(of: pod)) }
        for workload in objects.workloads { add(PodSpecValidator.diagnostics(of: workload)) }
        for node in objects.nodes { add(ClusterScopedValidator.diagnostics(of: node)) }
        for namespace in objects.namespaces { add(ClusterScopedValidator.diagnostics(of: namespace)) }
        for range in objects.serviceCIDRs { add(ClusterScopedValidator.diagnostics(of: range)) }
        for quota in objects.resourceQuotas { add(ResourceQuotaValidator.diagnostics(of: quota)) }
        for ingress in objects.ingresses { add(IngressValidator.diagnostics(of: ingress)) }
        for ingressClass in objects.ingressClasses { add(IngressValidator.diagnostics(of: ingressClass)) }
        for secret in objects.secrets { add(SecretValidator.diagnostics(of: secret)) }
        add(UndeclaredNamespaces.diagnostics(of: objects, given: options.namespace))
        add(
            SharedAddresses.diagnostics(of: objects.services, tellsExternalClaims: options.coversAllServices))
        if options.nodePortRange == nil { add(NodePortRange.diagnostics(of: objects.services)) }
        return inInputOrder(found.diagnostics)
    }

    /// Diagnostics by file, document and place in the document; those of one object keep their order.
    package static func inInputOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        let sorted = diagnostics.enumerated().sorted { left, right in
            guard let first = left.element.origin, let second = right.element.origin, first != second else {
                return left.element.origin == nil && right.element.origin != nil
                    || (left.element.origin == right.element.origin && left.offset < right.offset)
            }
            if first.file != second.file { return first.file < second.file }
            if first.document != second.document { return first.document < second.document }
            return first.path.precedes(second.path)
        }
        return sorted.map(\.element)
    }
}

extension FieldPath {
    /// Whether this place comes before another in a document, with list elements in their order.
    fileprivate func precedes(_ other: FieldPath) -> Bool {
        for (left, right) in zip(steps, other.steps) where left != right {
            switch (left, right) {
            case (.index(let left), .index(let right)): return left < right
            case (.key(let left), .key(let right)): return left < right
            case (.key, .index): return true
            case (.index, .key): return false
            }
        }
        return steps.count < other.steps.count
    }
}
