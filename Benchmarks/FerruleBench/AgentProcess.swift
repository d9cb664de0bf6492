// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// `ferrule run`, watched from outside.
struct AgentProcess {
    private let process = Process()
    private let start: ContinuousClock.Instant
    /// Where it says that it is ready (sd_notify(3)).
    private let ears: Int32

    /// Starts it on the API server that `config` in a folder names.
    init(_ ferrule: String, _ folder: String) throws {
        let path = folder + "/notify"
        let ears = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw BenchError("\(path) is too long for the name of a socket") }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(ears, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw BenchError("bind \(path): errno \(errno)") }
        process.executableURL = URL(filePath: ferrule)
        process.arguments = [
            "run", "--kubeconfig", folder + "/config", "--node-name", "node-a", "--log-level", "warning",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(["NOTIFY_SOCKET": path]) { $1 }
        (self.ears, start) = (ears, .now)
        try process.run()
    }

    /// Waits until the kernel holds all; the seconds since the start.
    func awaitReady() throws -> Double {
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            var request = pollfd(fd: ears, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&request, 1, 60_000) == 1 else { throw BenchError("the agent is not ready in a minute") }
            let count = unsafe recv(ears, &buffer, buffer.count, 0)
            if String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self).contains("READY=1") {
                return (ContinuousClock.now - start) / .seconds(1)
            }
        }
    }

    /// The memory that it holds now, and the most that it has held, in bytes (proc_pid_status(5)).
    func memory() throws -> (resident: Int, peak: Int) {
        let lines = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            .split(separator: "\n")
        func bytes(_ name: String) -> Int {
            let line = lines.first { $0.hasPrefix(name) }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
                ?? 0
        }
        return (bytes("VmRSS:"), bytes("VmHWM:"))
    }

    /// How long processors were busy with it: fields 14 and 15 of proc_pid_stat(5), which follow the name in brackets.
    func processorSeconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
        let ticks = fields.dropFirst(11).prefix(2).reduce(0) { $0 + (Int($1) ?? 0) }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
        close(ears)
    }
}
