// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An open descriptor, closed when it goes.
struct OpenFile: ~Copyable {
    let number: Int32

    /// - Parameter number: what a system call returned; negative throws its error.
    init(_ number: Int32) throws(ConfirmationError) {
        guard number >= 0 else { throw .system(errno) }
        self.number = number
    }

    deinit { close(number) }

    /// What can be read at once, at most 4096 bytes; empty at the end, and nil if reading fails.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(number, &buffer, buffer.count)
            if count >= 0 { return Array(buffer[..<count]) }
            guard errno == EINTR else { return nil }
        }
    }

    /// Everything from the beginning of a file.
    func contents() -> [UInt8]? {
        guard lseek(number, 0, SEEK_SET) == 0 else { return nil }
        var bytes: [UInt8] = []
        while let part = read() {
            if part.isEmpty { return bytes }
            bytes += part
        }
        return nil
    }

    /// Writes all bytes; false if that is not possible.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A pipe: what is written to the second comes out of the first.
    static func pipe() throws(ConfirmationError) -> Pipe {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw .system(errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return Pipe(reading: try OpenFile(ends[0]), writing: try OpenFile(ends[1]))
    }

    struct Pipe: ~Copyable {
        var reading: OpenFile
        var writing: OpenFile
    }
}

/// Which of the descriptors can be read, or have come to their end, within a time in milliseconds; none also where a
/// signal came.
func readable(_ descriptors: [Int32], within milliseconds: Int) -> Set<Int32> {
    var polls = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = unsafe poll(&polls, nfds_t(polls.count), Int32(clamping: milliseconds))
    guard count > 0 else { return [] }
    return Set(polls.filter { $0.revents != 0 }.map(\.fd))
}
