// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// What `ferrule run` tells systemd (sd_notify(3)).
@Suite("ferrule run, as a service of systemd", .needsNamespaces)
struct SystemdNotifierTests {
    private static let manifests = Manifests.objects(
        Manifests.service("web", "10.96.0.10", "http 80/TCP"),
        Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP"))

    @Test(
        "that the kernel holds all, then that the agent is alive, and that it ends: to a path or an abstract name",
        arguments: [false, true])
    func tells(isAbstract: Bool) throws {
        let namespace = try Namespace("notify")
        let folder = try TemporaryFolder()
        let (path, heard) = (folder.url.appending(path: "notify").path, folder.url.appending(path: "heard").path)
        let name = isAbstract ? "@ferrule-test" : path
        let receiver = try namespace.start([
            "socat", "-u", isAbstract ? "ABSTRACT-RECV:ferrule-test" : "UNIX-RECV:\(path)",
            "OPEN:\(heard),creat,append",
        ])
        defer {
            receiver.kill()
            _ = try? receiver.result()
        }
        func text() throws -> String { try String(contentsOfFile: heard, encoding: .utf8) }
        // It opens the file after the socket.
        try waitUntil("somebody listens") { FileManager.default.fileExists(atPath: heard) }
        let lab = try RunLab(
            namespace, Self.manifests, starter: ["env", "NOTIFY_SOCKET=\(name)", "WATCHDOG_USEC=400000"])
        try waitUntil("it is ready") { try text().contains("READY=1") }
        #expect(try namespace.holds(TestCluster(Self.manifests).ruleset()))
        let count = try text().ranges(of: "WATCHDOG=1").count
        try waitUntil("it is alive") { try text().ranges(of: "WATCHDOG=1").count >= count + 5 }
        #expect(try !text().contains("STOPPING"))
        _ = try lab.stop()
        try waitUntil("it ends") { try text().hasSuffix("STOPPING=1") }
        #expect(try text().ranges(of: "READY=1").count == 1)
    }
}
