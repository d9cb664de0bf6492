// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc
package import SystemPackage

/// That no other agent works in the network namespace: an abstract socket, whose name is the namespace's own (unix(7)) and
/// goes with the process.
package struct AgentLock: ~Copyable {
    private static let name = "ferrule-run"

    /// Whether an agent works in the network namespace of the thread, as the kernel's list of sockets tells (proc_net(5), where
    /// an abstract name stands behind an at sign).
    package static var isHeld: Bool {
        let sockets = try? String(contentsOfFile: "/proc/thread-self/net/unix", encoding: .utf8)
        return sockets?.split(separator: "\n").contains { $0.hasSuffix(" @\(name)") } == true
    }

    private let descriptor: Int32

    /// nil where another agent holds it; throws where it cannot be told, as when no more files can be opened.
    package init?() throws(Errno) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract name begins with a zero byte.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            for (place, byte) in Self.name.utf8.enumerated() { unsafe path[place + 1] = byte }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + Self.name.utf8.count)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0
            }
        }
        guard !isBound else { return }
        let problem = Errno(rawValue: errno)
        guard problem == .addressInUse else { throw problem }
        return nil
    }

    deinit { close(descriptor) }
}
