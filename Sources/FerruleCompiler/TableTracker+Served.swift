// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

extension TableTracker {
    /// What was served at keys that have changed, and what is served there now.
    struct ServedChange {
        private var services = Sides()
        private var nodePorts = Sides()

        /// Keys without a service have none on that side.
        private struct Sides {
            var keys: Set<ElementKey> = []
            var before: [ElementKey: ServedAddresses.Service] = [:]
            var after: [ElementKey: ServedAddresses.Service] = [:]
        }

        /// Adds a key, unless what was served there is the same for connections that are tracked.
        mutating func add(_ key: ElementKey, isNodePort: Bool, _ old: ServiceEntry?, _ new: ServiceEntry?) {
            let isUDP = (new ?? old)?.transport == .udp
            guard isUDP || old?.shape.isGuarded == true || new?.shape.isGuarded == true else { return }
            let (former, now) = (old?.served, new?.served)
            guard former != now, isUDP || former?.sources != now?.sources else { return }
            let map: WritableKeyPath<Self, Sides> = isNodePort ? \.nodePorts : \.services
            self[keyPath: map].keys.insert(key)
            self[keyPath: map].before[key] = former
            self[keyPath: map].after[key] = now
        }

        /// Adds who else is found at the same places: a node port answers where no virtual address of its number does, and for
        /// one that yields to it, so that neither of them tells alone who serves a connection.
        mutating func addCounterparts(in builder: TableBuilder) {
            var numbers = nodePorts.keys
            for case let (address, transport, port)? in services.keys.map(\.service)
            where builder.layout.nodePortAddresses.mayHold(address) {
                let number = ElementKey.port(transport, port)
                if builder.winner(number, isNodePort: true) != nil { numbers.insert(number) }
            }
            for number in numbers.subtracting(nodePorts.keys) {
                nodePorts.after[number] = builder.winner(number, isNodePort: true)?.served
            }
            for key in builder.keys(sharing: numbers) where !services.keys.contains(key) {
                services.after[key] = builder.winner(key, isNodePort: false)?.served
            }
        }

        /// Hands all of it to a change.
        func put(into change: inout TableChange) {
            change.formerlyServed.services = ServedElements(services.before)
            change.formerlyServed.nodePorts = ServedElements(nodePorts.before)
            change.served.services = ServedElements(services.after)
            change.served.nodePorts = ServedElements(nodePorts.after)
        }
    }
}
