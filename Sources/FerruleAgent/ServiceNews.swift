// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleText

/// What has become different of a service, in a line that a person can read: `shop/web: endpoint 10.244.1.7:8080 gone, 3 left`.
struct ServiceNews {
    private static let namedEndpoints = 3

    let text: String

    /// nil where nothing is different that traffic could notice.
    init?(_ key: ObjectKey, _ old: ResolvedService?, _ new: ResolvedService?) {
        guard old != new else { return nil }
        text = "\(key.namespace)/\(key.name): " + ServiceNews.words(old, new)
    }

    private static func words(_ old: ResolvedService?, _ new: ResolvedService?) -> String {
        guard let new else { return "gone" }
        let endpoints = new.endpoints
        guard let old else { return "new, " + counted(endpoints.count, "endpoint") }
        let (gone, come) = (old.endpoints.subtracting(endpoints), endpoints.subtracting(old.endpoints))
        if gone.isEmpty, come.isEmpty { return "changed" }
        var parts: [String] = []
        if !come.isEmpty { parts.append("\(named(come)) new") }
        if !gone.isEmpty { parts.append("\(named(gone)) gone") }
        parts.append(gone.isEmpty ? "\(endpoints.count) now" : "\(endpoints.count) left")
        return parts.joined(separator: ", ")
    }

    private static func named(_ endpoints: Set<Endpoint>) -> String {
        guard endpoints.count <= namedEndpoints else { return counted(endpoints.count, "endpoint") }
        return (endpoints.count == 1 ? "endpoint " : "endpoints ")
            + endpoints.sorted().map(\.description).joined(separator: " ")
    }
}

extension ResolvedService {
    /// All that traffic of any port may be led to.
    fileprivate var endpoints: Set<Endpoint> {
        ports.reduce(into: []) { $0.formUnion($1.endpoints.cluster + $1.endpoints.local) }
    }
}
