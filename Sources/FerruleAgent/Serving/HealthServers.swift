// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import Dispatch
    package import FerruleNetwork
    package import Logging
    internal import NIOCore
    internal import Synchronization
    internal import SystemPackage

    /// The servers by which others learn how an agent does: health of the node, metrics, and the health check ports of services.
    package final class HealthServers: Sendable {
        fileprivate enum Subject: Hashable {
            case node
            case metrics
            case service(FerruleNetwork.Port, at: IPAddress)
        }

        private struct State {
            var wanted: [Subject: Endpoint] = [:]
            var servers: [Subject: HTTPServer] = [:]
            /// Those that cannot be had, of which that has been said.
            var missing: Set<Subject> = []
            var isTryingAgain = false
        }

        private let answers: HealthAnswers
        private let log: Logger
        /// After how long what could not be had is tried again, as while kube-proxy still listens there.
        private let pause: Duration
        private let state = Mutex(State())
        /// Where all servers are started and closed, one after the other: both wait.
        private let queue = DispatchQueue(label: "ferrule.health")

        /// Listens for questions about the node and its numbers; an address that cannot be had is said, and tried again.
        package init(
            _ state: AgentState, health: Endpoint?, metrics: Endpoint?, _ log: Logger,
            pause: Duration = .seconds(5)
        ) {
            (answers, self.log, self.pause) = (HealthAnswers(state: state), log, pause)
            self.state.withLock { state in
                state.wanted[.node] = health
                state.wanted[.metrics] = metrics
            }
            queue.sync { settle() }
        }

        /// Listens at the ports of services that there are now, and no more at those that there were.
        ///
        /// - Parameter addresses: of the node; an unspecified one is all of its family. A service is told of at those of its
        ///   families.
        package func follow(_ checks: [NodeKeeper.HealthCheck], at addresses: [IPAddress]) {
            let services = checks.flatMap { check in
                addresses.filter { check.localEndpoints[$0.family] != nil }
                    .map { (Subject.service(check.port, at: $0), Endpoint($0, check.port)) }
            }
            state.withLock { state in
                state.wanted = state.wanted.filter { $0.key == .node || $0.key == .metrics }
                state.wanted.merge(services) { first, _ in first }
            }
            queue.async { self.settle() }
        }

        /// Brings what is listened at to what is wanted, as far as that can be had.
        private func settle() {
            state.withLock { state in
                for (subject, server) in state.servers where state.wanted[subject] == nil {
                    server.close()
                    state.servers[subject] = nil
                }
                state.missing = state.missing.filter { state.wanted[$0] != nil }
                for (subject, address) in state.wanted where state.servers[subject] == nil {
                    start(subject, address, &state)
                }
                guard !state.missing.isEmpty, !state.isTryingAgain else { return }
                state.isTryingAgain = true
                queue.asyncAfter(deadline: .now() + pause / .seconds(1)) {
                    self.state.withLock { $0.isTryingAgain = false }
                    self.settle()
                }
            }
        }

        private func start(_ subject: Subject, _ address: Endpoint, _ state: inout State) {
            do {
                state.servers[subject] = try HTTPServer(
                    host: "\(address.address)", port: Int(address.port.number), isOfBothFamilies: !subject.isOfService,
                    answer(subject))
                if state.missing.remove(subject) != nil { log.info("\(address) answers for \(subject.title) now") }
            } catch {
                guard state.missing.insert(subject).inserted else { return }
                let reason = (error as? IOError).map { Errno(rawValue: $0.errnoCode).description } ?? "\(error)"
                log.error("\(address) cannot be had for \(subject.title): \(reason); it is tried again")
            }
        }

        private func answer(_ subject: Subject) -> @Sendable (String) -> HTTPAnswer {
            let answers = answers
            return switch subject {
            case .node: { answers.node($0) }
            case .metrics: { answers.metrics($0) }
            case .service(let port, let address): { _ in answers.service(port, address.family) }
            }
        }
    }

    extension HealthServers.Subject {
        fileprivate var isOfService: Bool { if case .service = self { true } else { false } }

        fileprivate var title: String {
            switch self {
            case .node: "health checks"
            case .metrics: "metrics"
            case .service: "the health check of a service"
            }
        }
    }
#endif
