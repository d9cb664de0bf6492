// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import Synchronization

/// An agent's way to the kernel: all that it commits goes over one socket, by which its commits are known among all.
struct OwnKernel {
    let kernel: Kernel
    private let socket: NetlinkSocket
    private let count = Count()

    private final class Count: Sendable {
        /// How many batches were sent, or were about to be.
        let batches = Atomic<UInt32>(0)
    }

    /// Throws ``NetlinkError`` where the kernel cannot be used.
    init() throws(NetlinkError) {
        let (socket, count) = (try NetlinkSocket(.transactions), count)
        kernel = Kernel { purpose throws(NetlinkError) in
            guard case .transactions = purpose else { return try NetlinkSocket(purpose) }
            count.batches.add(1, ordering: .relaxed)
            return socket
        }
        self.socket = socket
    }

    /// The number that the kernel tells of whoever commits.
    var portID: UInt32 { socket.portID }

    /// The number of the ruleset without the agent's own part in it: another one means that somebody else has committed, or
    /// that a batch of the agent's was refused.
    func othersCommits() throws(NetlinkError) -> UInt32 {
        try kernel.generation() &- count.batches.load(ordering: .relaxed)
    }
}
