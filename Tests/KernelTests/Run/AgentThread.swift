// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FerruleCluster
import FerruleNetlink
import FerruleTestSupport
import Foundation
import Logging
import NetworkLab
import Synchronization

@testable import FerruleAgent

/// An agent that works in a namespace on a thread of its own, and is fed by its mailbox.
final class AgentThread: Sendable {
    let mailbox = Mailbox()
    let state = AgentState()
    let log: RecordedLog
    private let end = DispatchSemaphore(value: 0)
    private let failure = Mutex<NetlinkError?>(nil)
    /// How many changes it was given.
    private let given = Mutex(0)

    /// - Parameter cluster: with the options of the node.
    init(in namespace: Namespace, _ cluster: TestCluster) throws {
        let settings = Agent.Settings(cluster.options, cluster.compilerOptions, version: "0")
        let recorded = RecordedLog()
        log = recorded
        // A thread that is started in the namespace works there, and so do those that it starts.
        namespace.perform {
            Thread.detachNewThread { [self] in
                defer { end.signal() }
                do throws(NetlinkError) {
                    var agent = try Agent(settings, mailbox, state, recorded.logger)
                    agent.run()
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
    }

    /// Has a change put through, and waits until the kernel holds it.
    func put(_ changes: [ClusterChange]) throws {
        let count = given.withLock { given in
            given += changes.count
            return given
        }
        mailbox.put(changes)
        let limit = ContinuousClock.now + .seconds(20)
        while !state.current.holds(count) {
            guard .now < limit else { throw TestMistake(description: "the agent does not come to an end") }
            usleep(100)
        }
    }

    /// Ends it, and waits for its end; what stands in the kernel stays. Throws the error that it ended with.
    func stop() throws {
        mailbox.end()
        guard end.wait(timeout: .now() + 20) == .success else {
            throw TestMistake(description: "the agent does not end")
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

extension AgentState.Facts {
    /// Whether so many changes of services and EndpointSlices have reached the kernel.
    fileprivate func holds(_ count: Int) -> Bool {
        metrics.serviceChanges + metrics.endpointChanges >= count && waitingSince == nil
    }
}
