// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import NetworkLab
import Testing

@Suite("AgentLock", .needsNamespaces)
struct AgentLockTests {
    /// Whether somebody else could have it now.
    private func isFree() throws -> Bool {
        guard let lock = try AgentLock() else { return false }
        extendLifetime(lock)
        return true
    }

    @Test("one agent holds it in a namespace as long as it lives, and those of other namespaces hold theirs")
    func isOneOfANamespace() throws {
        let (here, there) = (try Namespace("lock"), try Namespace("lock"))
        try here.perform { () throws in
            #expect(!AgentLock.isHeld)
            guard let lock = try AgentLock() else { throw TestMistake(description: "somebody has the lock") }
            #expect(AgentLock.isHeld)
            #expect(try !isFree())
            try there.perform { () throws in
                #expect(!AgentLock.isHeld)
                #expect(try isFree())
            }
            extendLifetime(lock)
        }
        try here.perform { () throws in
            #expect(!AgentLock.isHeld)
            #expect(try isFree())
        }
    }
}
