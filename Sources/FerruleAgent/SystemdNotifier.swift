// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// Tells systemd how a service does, where it asks for that (sd_notify(3)): a datagram to the socket in `NOTIFY_SOCKET`.
package enum SystemdNotifier {
    /// How often it wants to hear that the service is alive, half of what it allows (`WATCHDOG_USEC`); nil where it does not.
    package static let watchdogInterval: Duration? =
        environment("WATCHDOG_USEC").flatMap { Int64($0) }.map { .microseconds($0 / 2) }

    /// - Parameter state: such as `READY=1`.
    package static func notify(_ state: String) {
        guard let path = environment("NOTIFY_SOCKET"), !path.isEmpty, let address = UnixSocketAddress(path) else {
            return
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = Array(state.utf8)
        _ = unsafe address.use { unsafe sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, $1) }
    }

    private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
