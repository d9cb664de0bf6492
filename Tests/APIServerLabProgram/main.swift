// SPDX-License-Identifier: Apache-2.0
//
// api-server-lab: the API server of the tests as a program of its own, to be asked by hand and by programs in other processes.
// It knows no more than APIServerLab.

import APIServerLab
import Foundation

/// `--NAME VALUE`
func argument(_ name: String) -> String? {
    let arguments = CommandLine.arguments
    return arguments.firstIndex(of: "--\(name)").flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

func number(_ name: String, _ otherwise: Int) -> Int { argument(name).flatMap { Int($0) } ?? otherwise }

/// Writes a line at once, wherever it goes.
func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

if CommandLine.arguments.contains("--help") {
    print(
        """
        usage: api-server-lab [--port N] [--services N] [--endpoints N] [--node NAME] [--kubeconfig FILE]
                              [--events N] [--pause MICROSECONDS]
        Serves made-up services at 127.0.0.1. With --kubeconfig it writes how to reach it. With --events it waits for four
        watches, replaces so many endpoints, one after each pause, and ends; else an endpoint is replaced each second.
        """)
    exit(0)
}

let cluster = LabCluster(services: number("services", 3), endpoints: number("endpoints", 2))
let server = try await LabServer(port: number("port", 0))
try server.load(cluster.objects(node: argument("node") ?? "node-a"))
if let path = argument("kubeconfig") { try server.kubeconfig.write(toFile: path, atomically: true, encoding: .utf8) }
say("kubectl --server \(server.url) get services,endpointslices -A -w")

let services = max(number("services", 3), 1)
if let events = argument("events").flatMap({ Int($0) }) {
    while server.watchCount < 4 { try await Task.sleep(for: .milliseconds(10)) }
    let pause = Duration.microseconds(number("pause", 1000))
    for event in 1...max(events, 1) {
        try server.put(cluster.slice(event % services, replacement: event))
        if pause > .zero { try await Task.sleep(for: pause) }
    }
    say("\(events) events")
    try await Task.sleep(for: .seconds(1))
} else {
    var event = 0
    while true {
        try await Task.sleep(for: .seconds(1))
        event += 1
        try server.put(cluster.slice(event % services, replacement: event))
        if event.isMultiple(of: 30) { server.bookmark() }
    }
}
