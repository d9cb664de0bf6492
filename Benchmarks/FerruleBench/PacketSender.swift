// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Puts frames on an interface as they are (`packet(7)`).
final class PacketSender {
    private let descriptor: Int32

    /// - Parameter interface: in the namespace of the calling thread.
    init(interface: String) throws {
        let family: Int32 = 17
        descriptor = socket(family, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("socket: errno \(errno)") }
        let index = unsafe interface.withCString { unsafe if_nametoindex($0) }
        guard index > 0 else { throw BenchError("there is no interface \(interface)") }
        // A sockaddr_ll: family, protocol, index of the interface, and what does not matter here.
        var address: [UInt8] = [UInt8(family), 0, 0, 0]
        for shift: UInt32 in [0, 8, 16, 24] { address.append(UInt8(truncatingIfNeeded: index >> shift)) }
        address += [UInt8](repeating: 0, count: 12)
        let bound = unsafe address.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { rebound in
                unsafe bind(descriptor, rebound.baseAddress, socklen_t(bytes.count))
            }
        }
        guard bound == 0 else { throw BenchError("bind: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// Sends frames of equal length that stand one after the other; the kernel handles each before the next one is sent.
    func send(_ frames: [UInt8], length: Int) throws {
        let sent = unsafe frames.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: length).allSatisfy { start in
                unsafe Glibc.send(descriptor, bytes.baseAddress?.advanced(by: start), length, 0) == length
            }
        }
        guard sent else { throw BenchError("send: errno \(errno)") }
    }
}
