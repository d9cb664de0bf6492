// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import NIOCore

/// The event by which a proxy says that it has started, as kube-proxy's (`birthCry` in `cmd/kube-proxy/app/server.go`):
/// <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>.
struct StartingEvent: Encodable {
    struct Meta: Encodable {
        /// Unique by the time.
        let name: String
        let namespace: String
    }

    struct Reference: Encodable {
        let apiVersion = "v1"
        let kind = "Node"
        let name: String
        /// What kubelet and kube-proxy write of a node: events are found by it.
        let uid: String
    }

    /// Where events of objects without a namespace are kept.
    private static let namespace = "default"
    static let path = "/apis/events.k8s.io/v1/namespaces/\(namespace)/events"

    let apiVersion = "events.k8s.io/v1"
    let kind = "Event"
    let metadata: Meta
    let eventTime: String
    let reportingController = "ferrule"
    let reportingInstance: String
    let action = "StartProxy"
    let reason = "Starting"
    let note = ""
    let regarding: Reference
    let type = "Normal"

    init(node: String, at time: Date) {
        let microseconds = Int64(time.timeIntervalSince1970 * 1_000_000)
        metadata = Meta(name: "\(node).\(String(microseconds, radix: 16))", namespace: Self.namespace)
        // `MicroTime` of `meta/v1`, which has six digits, neither more nor fewer.
        let second = Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601).dropLast()
        eventTime = "\(second).\(String(1_000_000 + microseconds % 1_000_000).dropFirst())Z"
        // At most 128 bytes are taken.
        reportingInstance = String("ferrule-\(node)".prefix(128))
        regarding = Reference(name: node, uid: node)
    }
}

extension APIClient {
    /// Tells whoever looks at the events of a node that Ferrule has started there.
    ///
    /// - Throws: where the server does not take it, or does not answer within ten seconds.
    package func reportStart(on node: String) async throws(RequestError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings can always be written.
        guard let event = try? encoder.encode(StartingEvent(node: node, at: Date())) else { return }
        try await create(event, at: StartingEvent.path, within: .seconds(10))
    }
}
