// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleManifests

/// Which services are meant by `NAMESPACE/NAME`, a `NAME` alone, all of `NAMESPACE/`, or a pattern of these.
struct ServiceSelector {
    /// As `namespace/name`, or a name alone; a namespace alone where all of its services are meant.
    private let text: String
    private let isNamespace: Bool
    private let pattern: FilePattern

    /// - Parameters:
    ///   - text: what the user has written.
    ///   - namespace: where a name alone is looked for; nil for every namespace.
    init(_ text: String, namespace: String?) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = parts.first, !first.isEmpty else {
            throw ValidationError(
                "'\(text)' is not a service: write NAMESPACE/NAME, NAME, or NAMESPACE/ for all of a namespace")
        }
        isNamespace = parts.count == 2 && parts[1].isEmpty
        if isNamespace {
            self.text = first
        } else {
            self.text = parts.count == 2 ? text : (namespace.map { "\($0)/" } ?? "") + text
        }
        pattern = FilePattern(isNamespace ? "\(first)/*" : self.text)
    }

    func includes(_ key: ObjectKey) -> Bool { pattern.matches(key.description) }

    /// What to say where no service is meant.
    ///
    /// - Parameters:
    ///   - keys: the services that there are.
    ///   - place: where they are: `the input`.
    func complaint(_ keys: [ObjectKey], in place: String) -> String {
        let near = text.contains { "*?".contains($0) } ? [] : isNamespace ? nearNamespaces(keys) : nearServices(keys)
        let question = near.isEmpty ? "" : "; did you mean \(near.prefix(3).joined(separator: " or "))?"
        return "\(place) has no service \(isNamespace ? "in namespace " : "")\(text.brief())\(question)"
    }

    /// The services whose name is a slip of the pen away and nearest; of those in namespaces of another name only where the
    /// service's is right.
    private func nearServices(_ keys: [ObjectKey]) -> [String] {
        let parts = text.split(separator: "/").map(String.init)
        let distances = keys.compactMap { key -> (key: ObjectKey, distance: Int)? in
            guard let last = parts.last, let name = LetterDistance.between(key.name, last) else { return nil }
            guard parts.count == 2 else { return (key, name) }
            if let distance = LetterDistance.between(key.namespace, parts[0]) { return (key, name + distance) }
            return name == 0 ? (key, 2) : nil
        }
        let least = distances.map(\.distance).min()
        return distances.filter { $0.distance == least }.map(\.key.description)
    }

    private func nearNamespaces(_ keys: [ObjectKey]) -> [String] {
        Set(keys.map(\.namespace)).filter { LetterDistance.between($0, text) != nil }.sorted()
    }
}
