// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Keeps commands that change rules of a network namespace apart: flock(2) on the namespace's own file, which is there
/// wherever a namespace is, can be locked where nothing can be written, and is let go with the process.
///
/// The kernel refuses a transaction of nf_tables that was made from another state (see `Claim`), so applies of that backend
/// share the lock. iptables-restore carries out what it is given, whatever stands by then: who uses it, or removes the rules
/// of the other backend, has the lock alone from before it looks until after it commits.
enum NamespaceLock {
    enum Use {
        case shared, alone
    }

    /// The network namespace of the thread.
    static let path = "/proc/thread-self/ns/net"

    /// Between two tries, in microseconds.
    private static let pause: UInt32 = 40_000
    /// A minute: iptables-restore by its nft variant takes 44 seconds for 10,001 services.
    private static let tries = 60_000_000 / Int(pause)

    /// Takes the lock; waits for other commands, and throws ``ConfirmationError/isBusy`` if that takes a minute.
    static func take(_ use: Use) throws(ConfirmationError) -> OpenFile {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .namespace(errno) }
        let file = try OpenFile(descriptor)
        for _ in 0..<tries {
            if flock(file.number, (use == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return file }
            guard errno == EWOULDBLOCK || errno == EINTR else { throw .namespace(errno) }
            usleep(pause)
        }
        throw .isBusy
    }
}

extension Console {
    /// Does something while no other command changes rules in a way that does not go with it.
    ///
    /// - Parameter use: of the lock; nil for what changes nothing.
    func locked<Result: ~Copyable>(_ use: NamespaceLock.Use?, _ work: () throws -> Result) throws -> Result {
        guard let use else { return try work() }
        let lock = try reporting { () throws(ConfirmationError) in
            try during("waiting for another command") { () throws(ConfirmationError) in try NamespaceLock.take(use) }
        }
        defer { extendLifetime(lock) }
        return try work()
    }
}
