// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import FerruleAPIServer
import FerruleTestSupport
import NetworkLab

/// An agent that works in a namespace and follows an API server outside of it.
final class ServedAgent: Sendable {
    let thread: AgentThread
    private let following: Task<Void, Never>

    /// - Parameter cluster: with the options of the node.
    init(
        in namespace: Namespace, _ cluster: TestCluster, following url: String, missingNode: Duration = .seconds(5),
        missingRanges: Duration = .seconds(5), nodePortRange: ClosedRange<Int>? = nil
    ) throws {
        thread = try AgentThread(in: namespace, cluster)
        var times = FollowTimes()
        (times.firstDelay, times.longestDelay) = (.milliseconds(10), .milliseconds(100))
        (times.missingNode, times.missingRanges) = (missingNode, missingRanges)
        let source = ServerSource(
            try APIClient(Access(server: url)), node: "node-a", nodePortRange: nodePortRange, times: times,
            thread.state,
            thread.log.logger)
        let mailbox = thread.mailbox
        following = Task { await source.follow(mailbox) }
    }

    /// Ends it; what stands in the kernel stays.
    func stop() async throws {
        following.cancel()
        await following.value
        try thread.stop()
    }
}
