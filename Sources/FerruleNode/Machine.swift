// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
package import FerruleNetwork
internal import Glibc

/// The machine that the program runs on, as its network namespace sees it.
package struct Machine: Sendable {
    /// The name of the node that the machine is; nil where it has none.
    package let nodeName: String?
    /// The addresses on all interfaces, of both families.
    package let interfaceAddresses: [IPAddress]

    /// Reads the host's name (`gethostname`) and interfaces (`getifaddrs`).
    package static func current() -> Machine {
        var name = [CChar](repeating: 0, count: 256)
        let status = unsafe gethostname(&name, name.count - 1)
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return Machine(
            nodeName: status == 0 ? Node.name(of: String(decoding: bytes, as: UTF8.self)) : nil,
            interfaceAddresses: readAddresses())
    }

    private static func readAddresses() -> [IPAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return [] }
        defer { unsafe freeifaddrs(first) }
        var addresses: [IPAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let socketAddress = unsafe entry.pointee.ifa_addr, let address = unsafe read(socketAddress) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ifa_next
        }
        return addresses
    }

    /// The address within `struct sockaddr_in` or `sockaddr_in6`; nil for other families.
    private static func read(_ socketAddress: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        switch Int32(unsafe socketAddress.pointee.sa_family) {
        case AF_INET:
            unsafe socketAddress.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                unsafe withUnsafeBytes(of: pointer.pointee.sin_addr) { bytes in
                    unsafe IPAddress(.ipv4, networkBytes: bytes.bindMemory(to: UInt8.self).span)
                }
            }
        case AF_INET6:
            unsafe socketAddress.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                unsafe withUnsafeBytes(of: pointer.pointee.sin6_addr) { bytes in
                    unsafe IPAddress(.ipv6, networkBytes: bytes.bindMemory(to: UInt8.self).span)
                }
            }
        default: nil
        }
    }
}
