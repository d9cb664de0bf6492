// SPDX-License-Identifier: Apache-2.0

/// A way to the kernel's netfilter subsystem and back: the real socket, or what tests put in its place.
///
/// It moves bytes and knows which of them belong together; what they say is for ``NetlinkSession``, ``Replies`` and
/// ``RulesetEvents``.
package protocol NetlinkTransport: AnyObject, Sendable {
    /// Can be polled for reading.
    var descriptor: Int32 { get }

    /// The number that the kernel addresses its answers to (`nlmsg_pid`).
    var portID: UInt32 { get }

    /// Makes room for sending and receiving this many bytes at once, as far as the system allows.
    func reserveBuffers(send: Int, receive: Int)

    /// Sends all bytes as one message.
    ///
    /// Throws ``NetlinkError/notPermitted`` where the room for them was not granted, and ``NetlinkError/systemCall(_:_:)``.
    func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError)

    /// The next datagram of the kernel's, waited for, if asked to, as long as an answer may take.
    ///
    /// Throws ``NetlinkError/repliesLost(_:)`` where a datagram was longer than there is room for, or none came in time.
    func receive(wait: Bool) throws(NetlinkError) -> NetlinkReceived
}

/// What was received.
package enum NetlinkReceived: Sendable, Equatable {
    case datagram([UInt8])
    /// There is nothing at the moment.
    case nothing
    /// The receive buffer was full and something was lost (ENOBUFS); what it held can still be received.
    case overrun
}

/// What a transport is opened for.
package enum NetlinkPurpose: Sendable {
    /// Questions.
    case requests
    /// What changes something.
    case transactions
    /// To hear of every commit to nf_tables (`NFNLGRP_NFTABLES`).
    case events
}
