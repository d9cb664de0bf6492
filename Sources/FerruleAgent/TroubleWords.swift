// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import FerruleAPIServer

    /// What is said of trouble with an API server: each reason once, and again as a reminder, however often it is tried. What
    /// is wrong with the server as a whole is not said of each resource.
    struct TroubleWords {
        /// After so long the same is said again.
        private static let reminder = Duration.seconds(300)

        /// How the server is called.
        private let server: String
        private(set) var said: [String: ContinuousClock.Instant] = [:]
        private var reasons: [Resource: String] = [:]

        /// - Parameter server: how it is called, such as `the API server https://192.0.2.1:6443`.
        init(_ server: String) { self.server = server }

        /// A resource cannot be followed; nil where that has been said.
        mutating func trouble(
            _ resource: Resource, _ error: RequestError, _ now: ContinuousClock.Instant
        ) -> String? {
            let words = error.words(for: server)
            let reason =
                error.concernsServer
                ? "\(words); what is known of the cluster holds" : "\(resource): \(words); what is known of them holds"
            reasons[resource] = reason
            if let last = said[reason], now - last < Self.reminder { return nil }
            // What is older would be said again in any case: messages that differ each time are not kept for ever.
            said = said.filter { now - $0.value < Self.reminder }
            said[reason] = now
            return reason
        }

        /// A resource is followed again. What nobody suffers from any more is news when it comes again.
        mutating func recovered(_ resource: Resource) -> String {
            reasons[resource] = nil
            let lasting = Set(reasons.values)
            said = said.filter { lasting.contains($0.key) }
            return reasons.isEmpty ? "all of the API server is followed again" : "\(resource) are followed again"
        }
    }
#endif
