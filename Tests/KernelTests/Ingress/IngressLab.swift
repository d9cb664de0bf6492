// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab

/// A HAProxy with the configuration that `ferrule ingress` prints, in a namespace where its servers answer and curl asks.
final class IngressLab {
    let namespace: Namespace
    private let temporary: TemporaryFolder
    private var programs: [RunningCommand] = []

    init() throws {
        namespace = try Namespace()
        temporary = try TemporaryFolder()
        try run(["ip", "link", "set", "lo", "up"])
    }

    deinit {
        for program in programs {
            program.kill()
            _ = try? program.result()
        }
    }

    /// Of the configuration and of what belongs to it.
    var folder: URL { temporary.url }

    /// Runs a program here that has to succeed, and returns what it prints.
    @discardableResult
    func run(_ arguments: [String], input: String = "") throws -> String {
        let run = try namespace.run(arguments, input: input)
        guard run.succeeded else {
            throw TestMistake(description: "\(arguments.joined(separator: " ")): \(run.standardError)")
        }
        return run.standardOutput
    }

    /// Has `ferrule ingress` make a configuration, and HAProxy serve by it.
    ///
    /// - Returns: the configuration.
    @discardableResult
    func serve(_ arguments: [String], input: String = "") throws -> String {
        let configuration = try run([Project.program, "ingress"] + arguments, input: input)
        try start(configuration, "ingress")
        try awaitAnswer("http://127.0.0.1/")
        return configuration
    }

    /// Has addresses answered: with the name of whose they are, the path, and what HAProxy says of the client.
    func answer(_ servers: [(address: String, port: Int, name: String)]) throws {
        let frontends = servers.enumerated().map { number, server in
            let host = server.address.contains(":") ? "[\(server.address)]" : server.address
            return """
                frontend f\(number)
                    bind \(host):\(server.port)
                    http-request return status 200 content-type text/plain lf-string \
                "\(server.name) %[path] %[req.hdr(x-forwarded-proto)] %[req.hdr(x-forwarded-for)]\\n"

                """
        }
        for address in Set(servers.map(\.address)) {
            let length = address.contains(":") ? 128 : 32
            try run(["ip", "addr", "add", "\(address)/\(length)", "dev", "lo", "nodad"])
        }
        let defaults = "defaults\n    mode http\n    timeout client 1m\n    timeout server 1m\n    timeout connect 5s\n"
        try start(defaults + frontends.joined(), "servers")
        for server in servers.prefix(1) { try awaitAnswer("http://\(server.address):\(server.port)/") }
    }

    private func start(_ configuration: String, _ name: String) throws {
        let file = folder.appending(path: "\(name).cfg").path
        try Data(configuration.utf8).write(to: URL(filePath: file))
        let check = try namespace.run([Self.haproxy, "-c", "-dW", "-f", file])
        guard check.succeeded else { throw TestMistake(description: "HAProxy: \(check.standardError)") }
        programs.append(try namespace.start([Self.haproxy, "-db", "-f", file]))
    }

    private static let haproxy = "/usr/sbin/haproxy"

    /// Waits until something answers.
    private func awaitAnswer(_ url: String) throws {
        let limit = ContinuousClock.now + .seconds(20)
        while try !namespace.run(["curl", "-s", "--noproxy", "*", "-o", "/dev/null", url]).succeeded {
            guard .now < limit else { throw TestMistake(description: "nothing answers at \(url)") }
            usleep(20_000)
        }
    }

    /// What curl is told of a URL whose host is this one, whatever its name: the code and the body.
    func ask(_ url: String, _ more: [String] = []) throws -> String {
        let host = url.split(separator: "/").dropFirst().first?.split(separator: ":").first.map(String.init) ?? ""
        let resolve = [80, 443].flatMap { ["--resolve", "\(host):\($0):127.0.0.1"] }
        return try run(
            ["curl", "-sS", "--noproxy", "*", "--path-as-is", "--max-time", "10", "-w", "%{http_code} "] + resolve
                + more
                + [url])
    }
}
