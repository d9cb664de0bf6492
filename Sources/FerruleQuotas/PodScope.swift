// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Which pods a quota is about (`podMatchesScopeFunc` in `pkg/quota/v1/evaluator/core/pods.go`).
struct PodScope {
    private enum Kind: String {
        case terminating = "Terminating"
        case notTerminating = "NotTerminating"
        case bestEffort = "BestEffort"
        case notBestEffort = "NotBestEffort"
        case priorityClass = "PriorityClass"
    }

    private let scopes: [(kind: Kind, scope: ResourceQuota.Scope)]

    /// nil for a quota of which that cannot be told: one of other scopes, or of an operator that the API does not have.
    init?(_ quota: ResourceQuota) {
        var scopes: [(kind: Kind, scope: ResourceQuota.Scope)] = []
        for scope in quota.scopes {
            guard let kind = Kind(rawValue: scope.name) else { return nil }
            let operators = kind == .priorityClass ? ["In", "NotIn", "Exists", "DoesNotExist"] : ["Exists"]
            guard operators.contains(scope.operator) else { return nil }
            scopes.append((kind, scope))
        }
        self.scopes = scopes
    }

    /// Whether it is about all pods, and about what is no pod.
    var isEverything: Bool { scopes.isEmpty }

    /// Whether it is about a pod. Of a template that says no class of priorities, pods are taken to have none.
    func holds(_ pod: PodSpec) -> Bool {
        scopes.allSatisfy { kind, scope in
            switch kind {
            case .terminating: pod.activeDeadlineSeconds.map { $0 >= 0 } ?? false
            case .notTerminating: pod.activeDeadlineSeconds.map { $0 < 0 } ?? true
            case .bestEffort: !pod.hasResources
            case .notBestEffort: pod.hasResources
            case .priorityClass: scope.selects(pod.priorityClassName ?? "")
            }
        }
    }
}

extension ResourceQuota.Scope {
    /// - Parameter name: of the class of priorities; empty for none.
    fileprivate func selects(_ name: String) -> Bool {
        switch `operator` {
        case "In": !name.isEmpty && values.contains(name)
        case "NotIn": name.isEmpty || !values.contains(name)
        case "Exists": !name.isEmpty
        default: name.isEmpty
        }
    }
}
