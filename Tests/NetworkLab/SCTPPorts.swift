// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import Synchronization

/// Which SCTP ports are served on which address: one raw socket sees all ports of its address.
final class SCTPPorts: Sendable {
    private let ports = Mutex<[IPAddress: Set<UInt16>]>([:])

    /// Adds ports and says whether they are the first of the address, which has no socket then.
    func insert(_ new: Set<UInt16>, on address: IPAddress) -> Bool {
        ports.withLock { ports in
            let isFirst = ports[address] == nil
            ports[address, default: []].formUnion(new)
            return isFirst
        }
    }

    func contains(_ port: UInt16, on address: IPAddress) -> Bool {
        ports.withLock { $0[address]?.contains(port) ?? false }
    }
}
