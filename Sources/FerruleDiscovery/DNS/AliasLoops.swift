// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleResolution

/// Services whose aliases lead back to themselves: a resolver gives them up without an address (RFC 1034, 3.6.2 and 5.2.2).
struct AliasLoops {
    private struct Alias {
        let service: NamedService
        let target: String
    }

    /// By absolute names.
    private var aliases: [String: Alias] = [:]
    /// In the order of the services.
    private var names: [String] = []
    private let domain: String

    /// - Parameter domain: the cluster's, without the dot at the end.
    init(domain: String) { self.domain = domain }

    /// - Parameter target: the absolute name that the service's name stands for; nil where it stands for itself.
    mutating func add(_ service: NamedService, target: String?) {
        guard let target else { return }
        let name = "\(service.domainName).\(domain)"
        aliases[name] = Alias(service: service, target: target.lowercased())
        names.append(name)
    }

    /// One for each service of a loop; those that only lead into one are not told of.
    var diagnostics: [Diagnostic] {
        var seen: Set<String> = []
        return names.flatMap { loop(from: $0, &seen) }.compactMap(diagnostic)
    }

    /// The names that a name comes back to, beginning with one of them; none where it ends, or comes to one that was seen
    /// already.
    private func loop(from start: String, _ seen: inout Set<String>) -> ArraySlice<String> {
        var way: [String] = []
        var name = start
        while let alias = aliases[name], seen.insert(name).inserted {
            way.append(name)
            name = alias.target
        }
        return way.firstIndex(of: name).map { way[$0...] } ?? []
    }

    private func diagnostic(_ name: String) -> Diagnostic? {
        guard let alias = aliases[name] else { return nil }
        let isOwn = alias.target == name
        return Diagnostic(
            .warning,
            (isOwn ? "this is the service's own name" : "\(alias.target.brief()) leads back to \(name.brief())")
                + ": whoever asks for it gets no address",
            object: "Service \(alias.service.key)", field: FieldPath("spec", "externalName"),
            origin: alias.service.origin)
    }
}
