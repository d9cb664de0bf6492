// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FerruleAPIServer
import FerruleAgent
import FerruleNetlink
import Foundation
import Logging
import NetworkLab
import Synchronization

/// An agent that works in a namespace and follows an API server outside of it.
final class ServedAgent: Sendable {
    private let mailbox = Mailbox()
    private let end = DispatchSemaphore(value: 0)
    private let failure = Mutex<NetlinkError?>(nil)
    private let following: Task<Void, Never>
    private let client: APIClient

    /// - Parameter cluster: with the options of the node.
    init(in namespace: Namespace, _ cluster: TestCluster, following url: String) throws {
        let settings = Agent.Settings(cluster.options, try cluster.compilerOptions(), version: "0")
        let log = Logger(label: "agent") { _ in SwiftLogNoOpLogHandler() }
        client = try APIClient(Access(server: url))
        var times = FollowTimes()
        (times.firstDelay, times.longestDelay) = (.milliseconds(10), .milliseconds(100))
        let source = ServerSource(client, node: "node-a", times: times, AgentState(), log)
        let mailbox = mailbox
        following = Task { await source.follow(mailbox) }
        // A thread that is started in the namespace works there, and so do those that it starts.
        namespace.perform {
            Thread.detachNewThread { [self] in
                defer { end.signal() }
                do throws(NetlinkError) {
                    var agent = try Agent(settings, mailbox, AgentState(), log)
                    agent.run()
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
    }

    /// Ends it; what stands in the kernel stays.
    func stop() async throws {
        following.cancel()
        mailbox.end()
        await client.shutdown()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
