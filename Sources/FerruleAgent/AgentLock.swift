// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
package import SystemPackage

/// That no other agent works in the network namespace: an abstract socket, whose name is the namespace's own (unix(7)) and
/// goes with the process.
package struct AgentLock: ~Copyable {
    private static let name = "@ferrule-run"

    /// Whether an agent works in the network namespace of the thread, as the kernel's list of sockets tells (proc_net(5), where
    /// an abstract name stands behind an at sign).
    package static var isHeld: Bool {
        let sockets = try? String(contentsOfFile: "/proc/thread-self/net/unix", encoding: .utf8)
        return sockets?.split(separator: "\n").contains { $0.hasSuffix(" \(name)") } == true
    }

    private let descriptor: Int32

    /// nil where another agent holds it; throws where it cannot be told, as when no more files can be opened.
    package init?() throws(Errno) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        guard let address = UnixSocketAddress(Self.name) else { throw .fileNameTooLong }
        let number = descriptor
        guard unsafe address.use({ unsafe bind(number, $0, $1) }) != 0 else { return }
        let problem = Errno(rawValue: errno)
        guard problem == .addressInUse else { throw problem }
        return nil
    }

    deinit { close(descriptor) }
}
