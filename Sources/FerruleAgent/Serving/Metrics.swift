// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FoundationEssentials

/// The numbers of an agent. Those that mean what kube-proxy's mean have its names, so that dashboards go on.
struct Metrics: Sendable {
    /// Counts of values by size (`le` of Prometheus), in seconds.
    struct Histogram: Sendable {
        let bounds: [Double]
        private(set) var counts: [Int]
        private(set) var sum = 0.0
        private(set) var count = 0

        init(_ bounds: [Double]) { (self.bounds, counts) = (bounds, bounds.map { _ in 0 }) }

        mutating func add(_ value: Double) {
            for (place, bound) in bounds.enumerated() where value <= bound { counts[place] += 1 }
            sum += value
            count += 1
        }
    }

    /// From half a millisecond on: kube-proxy's begin at a quarter of a second.
    private static let bounds = [
        0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64,
    ]

    var syncSeconds = Histogram(bounds)
    var programmingSeconds = Histogram(bounds)
    var lastSync: Date?
    var failures = 0
    var repairs = 0
    var serviceChanges = 0
    var endpointChanges = 0
    var pendingServiceChanges = 0
    var pendingEndpointChanges = 0
    var elements = 0
    var removedFlows = 0
    var unreadableObjects = 0
    var invalidObjects = 0
    var localGaps = LocalGaps()
    var services = 0
    var endpoints = 0

    /// The text that Prometheus scrapes (exposition format 0.0.4).
    var text: String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }
        func single(_ name: String, _ type: String, _ help: String, _ value: Int) {
            family(name, type, help)
            text += "\(name) \(value)\n"
        }
        func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
            family(name, "histogram", help)
            for (bound, count) in zip(histogram.bounds, histogram.counts) {
                text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
            }
            text += "\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n"
            text += "\(name)_sum \(histogram.sum)\n\(name)_count \(histogram.count)\n"
        }
        histogram(
            "kubeproxy_sync_proxy_rules_duration_seconds", "From taking changes to the kernel's answer.", syncSeconds)
        histogram(
            "kubeproxy_network_programming_duration_seconds", "From an endpoint's change to its rule in the kernel.",
            programmingSeconds)
        family("kubeproxy_sync_proxy_rules_last_timestamp_seconds", "gauge", "When the kernel last held all changes.")
        text += "kubeproxy_sync_proxy_rules_last_timestamp_seconds \(lastSync?.timeIntervalSince1970 ?? 0)\n"
        single(
            "kubeproxy_sync_proxy_rules_endpoint_changes_pending", "gauge", "Changes of endpoints that wait.",
            pendingEndpointChanges)
        single(
            "kubeproxy_sync_proxy_rules_endpoint_changes_total", "counter", "Changes of endpoints.", endpointChanges)
        single(
            "kubeproxy_sync_proxy_rules_service_changes_pending", "gauge", "Changes of services that wait.",
            pendingServiceChanges)
        single("kubeproxy_sync_proxy_rules_service_changes_total", "counter", "Changes of services.", serviceChanges)
        single(
            "kubeproxy_sync_proxy_rules_nftables_sync_failures_total", "counter",
            "How often the kernel was not brought to what is known, as by a transaction that it refused.", failures)
        let gaps = "kubeproxy_sync_proxy_rules_no_local_endpoints_total"
        family(gaps, "gauge", "Service ports with endpoints of which a policy Local leaves none to this node.")
        for policy in LocalGaps.Policy.allCases {
            for family in IPFamily.allCases {
                let labels = "traffic_policy=\"\(policy.rawValue)\",ip_family=\"\(family.rawValue)\""
                text += "\(gaps){\(labels)} \(localGaps[policy, family])\n"
            }
        }
        single("ferrule_services", "gauge", "Services with virtual addresses.", services)
        single("ferrule_endpoints", "gauge", "Endpoints of these services.", endpoints)
        single("ferrule_elements_changed_total", "counter", "Elements of sets and maps that came or went.", elements)
        single("ferrule_repairs_total", "counter", "How often what others had changed was put right.", repairs)
        single("ferrule_flows_removed_total", "counter", "Tracked connections that a change has removed.", removedFlows)
        single("ferrule_unreadable_objects_total", "counter", "Objects that were left out.", unreadableObjects)
        single(
            "ferrule_invalid_objects_total", "counter", "Objects of which what is not valid was left out.",
            invalidObjects)
        return text
    }
}
