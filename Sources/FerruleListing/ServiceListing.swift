// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerrulePlanner
package import FerruleRuleset

/// Services in the order of namespace and name, as text.
package enum ServiceListing {
    /// What packets find in the tables of a kernel.
    package static func rows(of ruleset: Ruleset) -> [ServiceRow] {
        var byService: [ObjectKey: [FrontendView]] = [:]
        for view in ruleset.frontendViews {
            byService[ObjectKey(view.name.namespace, view.name.serviceName), default: []].append(view)
        }
        return byService.map { ServiceRow($0, $1) }.sorted { $0.key < $1.key }
    }
}
