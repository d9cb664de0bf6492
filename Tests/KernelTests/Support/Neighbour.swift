// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import Foundation
import NetworkLab
import Synchronization

/// Another program that uses nf_tables in a namespace: it adds and removes chains of a table of its own, without end.
final class Neighbour: Sendable {
    static let table = TableName(.ipv4, "neighbour")

    private let mustEnd = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)
    private let commits = Atomic<Int>(0)

    /// How often it has committed something.
    var commitCount: Int { commits.load(ordering: .relaxed) }

    /// Makes the table with chains, so that whoever lists chains of the family lists these first if they are there first.
    static func settle(in namespace: Namespace, chains: Int = 600) throws {
        let operations = (0..<chains).map { Operation.addChain(table, chain("standing-\($0)")) }
        try namespace.perform { () throws(NetlinkError) in
            try Kernel().apply(Transaction([.addTable(table)] + operations))
        }
    }

    private static func chain(_ name: String) -> Chain { Chain(named: ChainName(name), rules: []) }

    /// Begins to commit every so many microseconds, at most.
    init(in namespace: Namespace, every interval: UInt32 = 5_000) {
        Thread.detachNewThread { [self] in
            namespace.perform {
                while !mustEnd.load(ordering: .relaxed) {
                    let name = ChainName("moving-\(commitCount % 7)")
                    for operation in [
                        Operation.addChain(Self.table, Chain(named: name, rules: [])), .deleteChain(Self.table, name),
                    ] {
                        guard (try? Kernel().apply(Transaction([.addTable(Self.table), operation]))) != nil else {
                            continue
                        }
                        commits.add(1, ordering: .relaxed)
                        usleep(interval)
                    }
                }
            }
            hasEnded.signal()
        }
    }

    /// Returns when it has committed for the last time.
    func end() {
        mustEnd.store(true, ordering: .relaxed)
        hasEnded.wait()
    }
}
