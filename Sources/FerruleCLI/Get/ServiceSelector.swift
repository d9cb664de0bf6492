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
    private let mayBeKind: Bool
    private let pattern: FilePattern

    /// - Parameters:
    ///   - text: what the user has written.
    ///   - namespace: where a name alone is looked for; nil for every namespace.
    ///   - mayBeKind: whether it stands where kinds of objects may stand too.
    init(_ text: String, namespace: String?, mayBeKind: Bool = false) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = parts.first, !first.isEmpty else {
            throw ValidationError(
                "'\(text)' is not a service: write NAMESPACE/NAME, NAME, or NAMESPACE/ for all of a namespace")
        }
        isNamespace = parts.count == 2 && parts[1].isEmpty
        self.mayBeKind = mayBeKind && parts.count == 1
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
        let question = suggestion(keys).map { "; \($0)" } ?? ""
        return "\(place) has no service \(isNamespace ? "in namespace " : "")\(text.brief())\(question)"
    }

    private func suggestion(_ keys: [ObjectKey]) -> String? {
        guard !text.contains(where: { "*?".contains($0) }) else { return nil }
        if isNamespace { return didYouMean(keys.map(\.namespace).nearest(to: text)) }
        let parts = text.split(separator: "/").map(String.init)
        guard let name = parts.last else { return nil }
        let near = keys.nearest(to: name, in: parts.count == 2 ? parts[0] : nil)
        let kinds = GetCommand.Subject.allCases.map(\.rawValue)
        if mayBeKind, near.isEmpty || !kinds.nearest(to: name).isEmpty {
            return "\(kinds.joined(separator: " or ")) can be listed"
        }
        return didYouMean(near)
    }
}
