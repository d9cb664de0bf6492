// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import FerruleNetwork
    package import Logging

    /// The servers by which others learn how an agent does: health of the node, metrics, and the health check ports of services.
    package struct HealthServers {
        /// An address and port to listen at.
        package struct Address: Sendable, Hashable {
            package let host: String
            package let port: Int

            /// `0.0.0.0:10256`, `[::]:10256`, or an address alone, which gets a port; nil for other texts.
            package init?(_ text: String, port defaultPort: Int) {
                if let address = IPAddress(text) {
                    (host, port) = ("\(address)", defaultPort)
                    return
                }
                guard let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]),
                    (1...65535).contains(number)
                else { return nil }
                let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
                guard let address = host.isEmpty ? IPAddress("0.0.0.0") : IPAddress(String(host)) else { return nil }
                (self.host, port) = ("\(address)", number)
            }
        }

        private let answers: HealthAnswers
        private let log: Logger
        private var servers: [FerruleNetwork.Port: HTTPServer] = [:]
        private var failed: Set<FerruleNetwork.Port> = []

        /// Listens for questions about the node and its numbers; an address that cannot be had is said, and done without.
        package init(_ state: AgentState, health: Address?, metrics: Address?, _ log: Logger) {
            (answers, self.log) = (HealthAnswers(state: state), log)
            let answers = answers
            if let health { start(health, "health checks") { answers.node($0) } }
            if let metrics { start(metrics, "metrics") { answers.metrics($0) } }
        }

        @discardableResult
        private func start(
            _ address: Address, _ what: String, _ answer: @escaping @Sendable (String) -> HTTPAnswer
        ) -> HTTPServer? {
            do {
                return try HTTPServer(host: address.host, port: address.port, answer)
            } catch {
                log.error("\(address.host):\(address.port) cannot be had for \(what): \(error)")
                return nil
            }
        }

        /// Listens at the ports of services that there are now, and no more at those that there were.
        package mutating func follow(_ checks: some Sequence<NodeKeeper.HealthCheck>) {
            let wanted = Set(checks.map(\.port))
            for (port, server) in servers where !wanted.contains(port) {
                server.close()
                servers[port] = nil
            }
            failed.formIntersection(wanted)
            let answers = answers
            for port in wanted where servers[port] == nil && !failed.contains(port) {
                guard let address = Address("0.0.0.0", port: Int(port.number)) else { continue }
                servers[port] = start(address, "the health check of a service") { _ in answers.service(port) }
                if servers[port] == nil { failed.insert(port) }
            }
        }
    }
#endif
