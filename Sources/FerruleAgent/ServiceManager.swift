// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// Tells systemd how a service does, where it asks for that (sd_notify(3)): a datagram to the socket in `NOTIFY_SOCKET`.
package enum ServiceManager {
    /// How often it wants to hear that the service is alive, half of what it allows (`WATCHDOG_USEC`); nil where it does not.
    package static let watchdogInterval: Duration? =
        environment("WATCHDOG_USEC").flatMap { Int64($0) }.map { .microseconds($0 / 2) }

    /// - Parameter state: such as `READY=1`.
    package static func notify(_ state: String) {
        guard let path = environment("NOTIFY_SOCKET"), !path.isEmpty else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room else { return }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            for (place, byte) in bytes.enumerated() {
                // An abstract name is written with an @.
                unsafe buffer[place] = place == 0 && byte == UInt8(ascii: "@") ? 0 : byte
            }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let text = Array(state.utf8)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = unsafe sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
    }

    private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
