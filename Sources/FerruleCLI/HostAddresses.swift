// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import Glibc

/// The addresses on the interfaces of the host, in the network namespace that the thread is in.
enum HostAddresses {
    /// All of both families but loopback and link-local ones, sorted; none where the system does not tell.
    static var current: [IPAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return [] }
        defer { unsafe freeifaddrs(first) }
        var found: Set<IPAddress> = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe entry.pointee.ifa_addr.flatMap({ unsafe IPAddress(socketAddress: $0) }),
                !address.isLoopback, !address.isLinkLocalUnicast
            {
                found.insert(address)
            }
            unsafe next = entry.pointee.ifa_next
        }
        return found.sorted()
    }
}

extension IPAddress {
    /// nil for other families.
    fileprivate init?(socketAddress: UnsafePointer<sockaddr>) {
        switch Int32(unsafe socketAddress.pointee.sa_family) {
        case AF_INET:
            let bits = unsafe socketAddress.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
            }
            self.init(ipv4: bits)
        case AF_INET6:
            let bytes = unsafe socketAddress.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { socketAddress in
                unsafe withUnsafeBytes(of: socketAddress.pointee.sin6_addr) { unsafe Array($0) }
            }
            self.init(.ipv6, bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }
}
