// SPDX-License-Identifier: Apache-2.0

package import Glibc

/// The address of a unix socket (unix(7)).
package struct UnixSocketAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// - Parameter name: a path, or the name of an abstract socket behind an `@`, as systemd and the kernel's lists write it; nil
    ///   where it is too long.
    package init?(_ name: String) {
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.utf8
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            for (place, byte) in bytes.enumerated() {
                // An abstract name begins with a zero byte.
                unsafe path[place] = place == 0 && byte == UInt8(ascii: "@") ? 0 : byte
            }
        }
        length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    }

    /// Passes it to a system call.
    package func use<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
