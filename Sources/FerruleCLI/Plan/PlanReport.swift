// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerruleText
internal import FerruleDiagnostics
internal import FerrulePlanner

/// A plan that is to be printed.
struct PlanReport {
    let difference: Difference
    let work: KernelWork
    let wording: PlanWording
    /// The node that it is for; nil: it is about all nodes.
    let nodeName: String?
    /// What a reader has to know before the rest.
    let notes: [String]
    let diagnostics: [Diagnostic]
    /// In natural order.
    let namespaces: [NamespaceSummary]

    init(difference: Difference, work: KernelWork, sides: PlanSides) {
        (self.difference, self.work) = (difference, work)
        wording = PlanWording(
            before: sides.before.origins, after: sides.after.origins, isAboutAllNodes: sides.nodeName == nil,
            nodes: sides.nodes)
        nodeName = sides.nodeName
        notes = sides.notes
        diagnostics = sides.diagnostics
        namespaces = NamespaceSummary.all(of: difference.services)
    }

    /// From how many changed services on a plan is so long that it ends with a summary by namespace.
    private static let longLength = 20

    var isLong: Bool { namespaces.reduce(0) { $0 + $1.total } >= Self.longLength }

    /// `Plan: 1 to add, 2 to change, 0 to remove.`
    var countLine: String { "Plan: \(counts)." }

    /// `1 to add, 2 to change, 0 to remove`
    var counts: String {
        var text =
            "\(difference.count(.add)) to add, \(difference.count(.change)) to change, "
            + "\(difference.count(.remove)) to remove"
        if !difference.settings.isEmpty { text += "; \(counted(difference.settings.count, "setting")) to change" }
        if !difference.drift.isEmpty { text += "; \(counted(difference.drift.count, "object")) of others to remove" }
        return text
    }

    /// What is wrong all the same, a line for each or for many of one form: all but how the source looks there.
    var warningLines: [String] {
        let printer = DiagnosticPrinter()
        return DiagnosticSelection(diagnostics).lines { String(printer.text(of: $0).prefix { $0 != "\n" }) }
    }

    /// What is sent to the kernel; which kernel that is, where it depends on the node.
    var kernelWords: String { work.words + (nodeName == nil ? " (on a node without endpoints)" : "") }
}

/// How many services of a namespace come, change and go.
struct NamespaceSummary {
    let namespace: String
    let added: Int
    let changed: Int
    let removed: Int
    /// How many of them have something that somebody should look at twice.
    let dangerous: Int

    var total: Int { added + changed + removed }

    /// In natural order. What belongs to no service is left out.
    static func all(of services: [PortDifference]) -> [NamespaceSummary] {
        Dictionary(grouping: services.filter { !$0.name.namespace.isEmpty }, by: \.name.namespace).map {
            namespace, services in
            func count(_ isCounted: (PortDifference) -> Bool) -> Int {
                Set(services.lazy.filter(isCounted).map(\.name.service)).count
            }
            return NamespaceSummary(
                namespace: namespace, added: count { $0.action == .add }, changed: count { $0.action == .change },
                removed: count { $0.action == .remove }, dangerous: count(\.isDangerous))
        }.sorted { $0.namespace.precedesNaturally($1.namespace) }
    }

    /// `1 to add, 2 to change, 0 to remove; 1 dangerous`
    var counts: String {
        "\(added) to add, \(changed) to change, \(removed) to remove"
            + (dangerous > 0 ? "; \(dangerous) dangerous" : "")
    }
}
