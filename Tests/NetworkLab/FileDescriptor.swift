// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import Glibc

/// An open file, closed when the last reference goes.
final class FileDescriptor: Sendable {
    let number: Int32

    /// Takes over an open descriptor.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Opens a file of the file system.
    convenience init(path: String, flags: Int32) throws(LabError) {
        self.init(owning: try check("open \(path)") { unsafe open(path, flags | O_CLOEXEC) })
    }

    /// Makes an unnamed file in memory: unlike a pipe it never fills up, so nobody needs to read while it is written.
    static func inMemory() throws(LabError) -> FileDescriptor {
        FileDescriptor(
            owning: try check("memfd_create") {
                unsafe memfd_create("network-lab", UInt32(network_lab_mfd_cloexec))
            })
    }

    /// Writes all bytes.
    func write(_ bytes: [UInt8]) throws(LabError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            rest = rest.dropFirst(
                try check("write") {
                    unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
                })
        }
    }

    /// Reads from the present position to the end.
    func readToEnd() throws(LabError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try check("read") {
                unsafe buffer.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, $0.count) }
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Goes back to the beginning of the file.
    func rewind() throws(LabError) {
        try check("lseek") { lseek(number, 0, SEEK_SET) }
    }
}
