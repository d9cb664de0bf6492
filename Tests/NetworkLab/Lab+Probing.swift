// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import Glibc

extension Lab {
    /// Sends all probes at once and waits for all answers together; outcome `i` is that of probe `i`.
    ///
    /// What has not been answered after the timeout is dropped. Before that is said the server thread is given the
    /// time to answer what has reached it, so that a busy machine makes no answer look like a drop.
    package func probe(_ probes: [Probe], timeout: Duration = .milliseconds(300)) throws(LabError) -> [Outcome] {
        var flights: [Flight] = []
        for probe in probes { flights.append(try launch(probe)) }
        let deadline = ContinuousClock.now + timeout
        while true {
            let left = deadline - .now
            guard left > .zero, wait(for: &flights, atMost: left) else { break }
        }
        settle()
        return flights.indices.map { index in
            if flights[index].isUnderWay { flights[index].progress() }
            return flights[index].outcome ?? .dropped
        }
    }

    /// Sends one probe and waits for its outcome.
    package func probe(_ probe: Probe, timeout: Duration = .milliseconds(300)) throws(LabError) -> Outcome {
        try self.probe([probe], timeout: timeout)[0]
    }

    private func launch(_ probe: Probe) throws(LabError) -> Flight {
        let source: IPAddress? = if case .address(let address) = probe.client { address } else { nil }
        if let source, source.family != probe.destination.family {
            throw LabError("\(probe) goes from one address family to another")
        }
        let namespace = if let source { try holder(of: source) } else { node }
        return try namespace.perform { () throws(LabError) in
            try Flight(probe, from: source, freshPort: freshPort)
        }
    }

    /// Waits until something arrives for one of the flights under way; `false` when none is.
    private func wait(for flights: inout [Flight], atMost time: Duration) -> Bool {
        let waiting = flights.indices.filter { flights[$0].isUnderWay }
        if waiting.isEmpty { return false }
        var entries = waiting.map { pollfd(fd: flights[$0].socket.number, events: Int16(POLLIN), revents: 0) }
        let milliseconds = Int32(clamping: time.components.attoseconds / 1_000_000_000_000_000 + 1)
            .addingReportingOverflow(Int32(clamping: time.components.seconds * 1000)).partialValue
        _ = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        for (index, entry) in zip(waiting, entries) where entry.revents != 0 { flights[index].progress() }
        return true
    }
}

extension Lab {
    /// Waits until the node gets an answer out of every namespace, in every family it has: interfaces come up a moment
    /// after they were asked to. No ruleset is loaded yet, so a closed port is refused.
    func awaitReachability(_ links: [Link]) throws(LabError) {
        let discard: UInt16 = 9
        var probes: [Probe] = []
        for link in links {
            for family in topology.families {
                guard let address = link.addresses.first(where: { $0.family == family }) else { continue }
                probes.append(Probe(from: .node, to: address, discard, .udp))
            }
        }
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            let outcomes = try probe(probes, timeout: .milliseconds(10))
            probes = zip(probes, outcomes).filter { $1 != .refused(.portUnreachable) }.map(\.0)
            if probes.isEmpty { return }
        }
        throw LabError("the node does not reach \(probes)")
    }
}
