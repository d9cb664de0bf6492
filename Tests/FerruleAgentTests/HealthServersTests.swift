// SPDX-License-Identifier: Apache-2.0

#if APIServer
    import FerruleCluster
    import FerruleKubernetes
    import FerruleNetwork
    import FerruleTestSupport
    import Foundation
    import Logging
    import Testing

    @testable import FerruleAgent

    @Suite struct HealthServersTests {
        private let key = ObjectKey("shop", "web")

        /// A state with a service that has an endpoint here, and a port that nobody uses.
        private func lab() throws -> (state: AgentState, check: NodeKeeper.HealthCheck) {
            let probe = try HTTPServer(host: "::", port: 0, isOfBothFamilies: true) { _ in .notFound }
            let port = try #require(probe.port.flatMap(Port.init))
            probe.close()
            let (state, check) = (AgentState(), NodeKeeper.HealthCheck(port: port, localEndpoints: 1))
            state.update { facts in
                (facts.lastUpdated, facts.healthChecks) = (Date(), [key: check])
            }
            return (state, check)
        }

        private func servers(_ state: AgentState) -> HealthServers {
            HealthServers(
                state, health: nil, metrics: nil, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                pause: .milliseconds(20))
        }

        /// Asks until the answer has a status; 000 is no answer.
        private func expect(_ status: String, of check: NodeKeeper.HealthCheck, at host: String, _ path: String = "/")
            async throws
        {
            let command = "curl -s -o /dev/null -m 2 -w '%{http_code}' 'http://\(host):\(check.port)\(path)'"
            var last = ""
            for _ in 0..<200 {
                last = try await ProgramRun.shell(command).standardOutput
                if last == status { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            Issue.record("\(host):\(check.port) answers \(last), not \(status)")
        }

        private func addresses(_ texts: String...) -> [IPAddress] { texts.compactMap { IPAddress($0) } }

        @Test("balancers are answered at the node's addresses of both families, as long as the service is there")
        func addresses() async throws {
            let (state, check) = try lab()
            let servers = servers(state)
            for _ in 0..<2 {
                servers.follow([check], at: addresses("0.0.0.0", "::"))
                try await expect("200", of: check, at: "127.0.0.1")
                try await expect("200", of: check, at: "[::1]")
                servers.follow([check], at: addresses("127.0.0.2", "::1"))
                try await expect("200", of: check, at: "127.0.0.2")
                try await expect("000", of: check, at: "127.0.0.1")
                try await expect("200", of: check, at: "[::1]")
                servers.follow([], at: addresses("0.0.0.0", "::"))
                try await expect("000", of: check, at: "127.0.0.2")
                try await expect("000", of: check, at: "[::1]")
            }
        }

        @Test("a port that somebody else has is tried again until it is free")
        func triesAgain() async throws {
            let (state, check) = try lab()
            let other = try HTTPServer(host: "127.0.0.1", port: Int(check.port.number)) { _ in .notFound }
            let servers = servers(state)
            servers.follow([check], at: addresses("127.0.0.1"))
            try await expect("404", of: check, at: "127.0.0.1")
            other.close()
            try await expect("200", of: check, at: "127.0.0.1")
            servers.follow([], at: [])
        }

        @Test("the node is answered for over both families at an address that means all")
        func node() async throws {
            let (state, check) = try lab()
            let servers = HealthServers(
                state, health: .init("0.0.0.0:\(check.port)"), metrics: nil,
                Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            for host in ["127.0.0.1", "[::1]"] { try await expect("200", of: check, at: host, "/healthz") }
            servers.follow([], at: [])
        }
    }
#endif
