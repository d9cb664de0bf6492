// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What rules ask for that stands neither in them nor in the packet.
package struct PacketEnvironment: Sendable, Hashable {
    /// The addresses on the node's interfaces. Loopback ones are the node's without being named.
    package var localAddresses: Set<IPAddress>
    /// What packets have written into maps, beside the elements that the table has there.
    package private(set) var timeoutElements: [SetName: [ElementKey: Concatenation]] = [:]
    /// Sets that every packet counts as being in, to ask what would be if it were. Maps are none of them.
    package var assumedSets: Set<SetName> = []

    package init(localAddresses: Set<IPAddress> = []) { self.localAddresses = localAddresses }

    /// Whether `fib … type local` matches an address.
    package func isLocal(_ address: IPAddress) -> Bool { address.isLoopback || localAddresses.contains(address) }

    /// Takes what a packet has written.
    package mutating func take(_ written: [TimeoutElement]) {
        for element in written { timeoutElements[element.map, default: [:]][element.key] = element.data }
    }
}

/// What a packet writes into a map that is dynamic, for those that come after it.
package struct TimeoutElement: Sendable, Hashable {
    package let map: SetName
    package let key: ElementKey
    package let data: Concatenation
    /// After how many seconds it is forgotten, unless it is renewed.
    package let timeout: Int

    package init(_ map: SetName, _ key: ElementKey, _ data: Concatenation, timeout: Int) {
        (self.map, self.key, self.data, self.timeout) = (map, key, data, timeout)
    }
}
