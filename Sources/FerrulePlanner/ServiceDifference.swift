// SPDX-License-Identifier: Apache-2.0

/// What becomes of one service port.
package struct ServiceDifference: Sendable {
    package enum Action: String, Sendable, Hashable {
        case add, change, remove
    }

    /// `namespace/service:port`
    package let label: String
    package let action: Action
    /// Of a service that comes, that each of its frontends opens; of one that goes, that each closes.
    package let changes: [ServiceChange]

    package var isDangerous: Bool { changes.contains(where: \.isDangerous) }

    /// Dangerous ones first, then by label.
    static func all(from before: ServiceViews, to after: ServiceViews) -> [ServiceDifference] {
        var found: [ServiceDifference] = []
        for (label, views) in after.byLabel {
            guard let old = before.byLabel[label] else {
                found.append(ServiceDifference(label: label, action: .add, changes: opening(views)))
                continue
            }
            let changes = ServiceComparison(old, views).changes
            if !changes.isEmpty { found.append(ServiceDifference(label: label, action: .change, changes: changes)) }
        }
        for (label, views) in before.byLabel where after.byLabel[label] == nil {
            found.append(ServiceDifference(label: label, action: .remove, changes: closing(views)))
        }
        return found.sorted {
            $0.isDangerous == $1.isDangerous ? $0.label < $1.label : $0.isDangerous
        }
    }

    private static func opening(_ views: [ServiceView]) -> [ServiceChange] {
        views.sorted { $0.frontend < $1.frontend }.map { ServiceChange(.opened($0), [$0.frontend]) }
    }

    private static func closing(_ views: [ServiceView]) -> [ServiceChange] {
        views.sorted { $0.frontend < $1.frontend }.map { ServiceChange(.closed($0), [$0.frontend]) }
    }
}
