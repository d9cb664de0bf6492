// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleManifests
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

@testable import FerruleAgent

/// `ferrule run` on files.
@Suite("ferrule run", .needsNamespaces)
struct RunTests {
    private func manifests(_ pods: [String]) -> String {
        Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", "dns 53/UDP 30053"),
            Manifests.slice("web", pods, "http 8080/TCP", "dns 8080/UDP"))
    }

    private func ruleset(_ pods: [String]) throws -> Ruleset { try TestCluster(manifests(pods)).ruleset() }

    private static let two = ["10.244.0.6 node-a", "10.244.0.7 node-a"]
    private static let three = ["10.244.0.6 node-a", "10.244.1.6 node-b", "10.244.1.7 node-b"]

    @Test("a file that changes is in the kernel; one that cannot be read changes nothing; a restart sends nothing")
    func follows() throws {
        let namespace = try Namespace("run")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        let state = try namespace.perform { try Kernel().read([.ferrule(.ipv4)]) }
        #expect(state.provenance(of: .ferrule(.ipv4))?.summary.services == 1)
        try lab.write(manifests(Self.three))
        #expect(try lab.waits(for: ruleset(Self.three)))
        try lab.write("apiVersion: v1\nkind: Service\nmetadata: [")
        try lab.says("the input cannot be used: what stands, stays")
        #expect(try namespace.holds(ruleset(Self.three)))
        try lab.write(manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        let first = try lab.stop()
        #expect(first.status == 0)
        #expect(first.standardError.contains("the input can be used again"))
        #expect(try namespace.holds(ruleset(Self.two)))

        try lab.restart()
        #expect(lab.startTime() != nil)
        let second = try lab.stop()
        let said = second.standardError.split(separator: "\n").filter { $0.contains(" info ") }
        #expect(said.count == 1 && said[0].contains("the kernel holds them already"), "\(second.standardError)")
    }

    @Test("a service without a ClusterIP keeps the one that a lock file remembers")
    func remembers() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"clusterIPs": {"test/web": ["10.96.0.77"]}, "nodePorts": {}, "version": 1}"#, to: "lock.json")
        let slice = Manifests.slice("web", Self.two, "http 8080/TCP")
        let lab = try RunLab(
            Namespace("lock"), Manifests.objects(Manifests.service("web", "", "http 80/TCP"), slice), "--lock",
            folder.url.appending(path: "lock.json").path)
        let given = Manifests.service("web", "10.96.0.77", "http 80/TCP")
        let wanted = try TestCluster(Manifests.objects(given, slice)).ruleset()
        #expect(try lab.waits(for: wanted))
        _ = try lab.stop()
    }

    @Test(
        "what others change in the tables is put right",
        arguments: [
            "flush ruleset", "flush chain ip ferrule dispatch", "delete element ip ferrule cluster-ips { 10.96.0.10 }",
            "add element ip ferrule cluster-ips { 10.96.0.99 }", "add chain ip ferrule mine", "delete table ip ferrule",
        ])
    func repairs(command: String) throws {
        let namespace = try Namespace("repair")
        let lab = try RunLab(namespace, manifests(Self.two))
        let wanted = try ruleset(Self.two)
        #expect(try lab.waits(for: wanted))
        try namespace.load(command)
        #expect(try lab.waits(for: wanted))
        let log = try lab.stop().standardError
        #expect(log.contains("put right what others had changed in Ferrule's tables"), "\(log)")
    }

    @Test("what is put right together with a change is said and counted")
    func repairsWithChanges() throws {
        let namespace = try Namespace("repairs")
        let agent = try AgentThread(in: namespace, TestCluster(manifests(Self.two)))
        defer { try? agent.stop() }
        func changes(_ pods: [String]) throws -> [ClusterChange] {
            try ManifestReader { Data(manifests(pods).utf8) }.read(["-"]).objects.changes
        }
        agent.mailbox.complete()
        try agent.put(changes(Self.two))
        let count = 6
        for number in 1...count {
            try namespace.load("delete table ip ferrule")
            try agent.put(changes(number.isMultiple(of: 2) ? Self.two : Self.three))
            let limit = ContinuousClock.now + .seconds(10)
            while agent.state.current.metrics.repairs < number, .now < limit { usleep(1_000) }
            try #require(agent.state.current.metrics.repairs == number, "\(agent.log.text)")
            // Until the next one is no fight.
            usleep(300_000)
        }
        let said = agent.log.text.split(separator: "\n").filter { $0.contains("makes table ip ferrule") }.dropFirst()
        #expect(said.count == count, "\(agent.log.text)")
        #expect(said.allSatisfy { $0.contains("put right what others had changed in Ferrule's tables") }, "\(said)")
    }

    @Test("a credential plugin makes threads that signals reach: they end it all the same in order")
    func signalsBesidePlugin() throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path
        try folder.write(
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  interactiveMode: Never
                  command: sh
                  args: [-c, touch \(path)/asked]
            """, to: "config")
        let agent = try Namespace("signals").start([
            Project.program, "run", "--kubeconfig", path + "/config", "--node-name", "node-a",
        ])
        try waitUntil("the plugin is asked") { FileManager.default.fileExists(atPath: path + "/asked") }
        usleep(100_000)
        agent.hangUp()
        usleep(50_000)
        // A thread that lets them through would have the process ended where nobody has said what becomes of them.
        let caught = try #require(agent.caughtSignals)
        #expect([SIGHUP, SIGINT, SIGUSR1, SIGTERM].allSatisfy(caught.contains))
        agent.terminate()
        #expect(try agent.result().status == 0)
    }

    @Test("it can be ended before it has begun, as while its configuration does not come", arguments: ["TERM", "INT"])
    func endsBeforeItBegins(_ signal: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "empty")
        // The shell of a job ignores SIGINT.
        let result = try Namespace("early").run([
            "bash", "-mc",
            """
            cd \(folder.url.path) && mkfifo config || exit 90
            \(Project.program) run -f empty --config config --node-name node-a & agent=$!
            for try in {1..200}; do grep -q '^SigBlk:.*[1-9a-f]' /proc/$agent/status && break; sleep 0.05; done
            sleep 0.5
            kill -\(signal) $agent
            (sleep 10; kill -KILL $agent) & guard=$!
            wait $agent; status=$?
            kill -KILL $guard
            exit $status
            """,
        ])
        #expect(result.status == 0, "\(result)")
    }

    @Test(
        "quiet and verbose are levels of its messages, unless one is said",
        arguments: [
            (["-q"], []), (["-v"], ["debug", "info"]), ([], ["info"]), (["-q", "--log-level", "info"], ["info"]),
        ] as [([String], [String])])
    func levels(_ flags: [String], _ levels: [String]) throws {
        let namespace = try Namespace("levels")
        let folder = try TemporaryFolder()
        try folder.write(manifests(Self.two), to: "cluster.yaml")
        let agent = try namespace.start(
            [Project.program, "run", "-f", folder.url.path, "--node-name", "node-a", "--node-ip", "192.0.2.11"] + flags)
        let limit = ContinuousClock.now + .seconds(60)
        func tables() throws -> String { try namespace.run(["nft", "list", "tables"]).standardOutput }
        while try !tables().contains("ferrule"), .now < limit { usleep(5_000) }
        // What others do to the tables is a debug message, once they are heard.
        func saysAll() -> Bool {
            levels.allSatisfy { agent.standardErrorSoFar?.contains(" \($0) ") == true }
        }
        repeat {
            try namespace.load("add chain ip ferrule mine")
            while try namespace.run(["nft", "list", "chain", "ip", "ferrule", "mine"]).succeeded, .now < limit {
                usleep(5_000)
            }
        } while !saysAll() && .now < limit
        agent.terminate()
        let said = try agent.result().standardError.split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropFirst().first.map { String($0) }
        }
        #expect(Set(said).subtracting(["warning"]) == Set(levels), "\(said)")
    }

    /// Writes a KubeProxyConfiguration of some fields.
    private static func write(configuration fields: String, to path: String) throws {
        let text = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n\(fields)\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Hides the settings of connection tracking, as before their module is loaded.
    private static let withoutSettings = [
        "unshare", "-m", "sh", "-c", #"mount -t tmpfs none /proc/sys/net/netfilter && exec "$@""#, "sh",
    ]

    @Test("settings of connection tracking that are missing before the first transaction are written after it")
    func missingSettings() throws {
        let namespace = try Namespace("settings")
        let folder = try TemporaryFolder()
        try folder.write(
            "{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration, conntrack: {maxPerCore: 0}}",
            to: "config.yaml")
        let lab = try RunLab(
            namespace, manifests(Self.two), "--config", folder.url.path + "/config.yaml",
            starter: Self.withoutSettings)
        #expect(try lab.waits(for: ruleset(Self.two)))
        usleep(300_000)
        let lines = try lab.stop().standardError.split(separator: "\n")
        let words = "nf_conntrack_tcp_timeout_established cannot be set to 86400: No such file or directory (ENOENT, 2)"
        let warning = try #require(lines.firstIndex { $0.contains(words) }, "\(lines)")
        let applied = try #require(lines.firstIndex { $0.contains("service with") || $0.contains("services with") })
        #expect(warning > applied && lines.count { $0.contains(words) } == 1, "\(lines)")
    }

    @Test("what a configuration that becomes another before the first transaction says of them is written after it")
    func missingSettingsOfAnother() throws {
        let namespace = try Namespace("another")
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "config.yaml").path
        func write(_ time: String) throws {
            let fields = "conntrack: {maxPerCore: 0, tcpCloseWaitTimeout: 0s, tcpEstablishedTimeout: \(time)}"
            try Self.write(configuration: fields, to: path)
        }
        try write("1h")
        let lab = try RunLab(
            namespace, "apiVersion: v1\nkind: Service\nmetadata: [", "--config", path,
            starter: Self.withoutSettings)
        try lab.says("the input cannot be used: waiting for one that can")
        try write("2h")
        try lab.says("\(path) has become another, and holds from now on")
        try lab.write(manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        try lab.says("nf_conntrack_tcp_timeout_established cannot be set to 7200")
        let lines = try lab.stop().standardError.split(separator: "\n")
        let warnings = lines.indices.filter { lines[$0].contains("nf_conntrack") }
        let applied = try #require(lines.firstIndex { $0.contains("service with") || $0.contains("services with") })
        #expect(warnings.count == 1 && warnings.allSatisfy { $0 > applied }, "\(lines)")
    }

    @Test("somebody who flushes the ruleset every 50 ms for ten seconds does not win")
    func fight() throws {
        let namespace = try Namespace("fight")
        let lab = try RunLab(namespace, manifests(Self.two))
        let wanted = try ruleset(Self.two)
        #expect(try lab.waits(for: wanted))
        for _ in 0..<200 {
            try namespace.load("flush ruleset")
            usleep(50_000)
        }
        #expect(try lab.waits(for: wanted, limit: .seconds(3)))
        // Changes are followed as before.
        try lab.write(manifests(Self.three))
        #expect(try lab.waits(for: ruleset(Self.three)))
        _ = try lab.stop()
    }

    @Test("tables of others are no concern of it")
    func others() throws {
        let namespace = try Namespace("others")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        for number in 0..<20 { try namespace.load("add table ip other\(number)") }
        usleep(200_000)
        let log = try lab.stop().standardError
        #expect(!log.contains("has changed Ferrule's tables"), "\(log)")
    }

    /// Rounds of the test below: a round takes some 0.2 s.
    private static let kills = Int(ProcessInfo.processInfo.environment["FERRULE_KILLS"] ?? "") ?? 20

    @Test("killed at any moment while all changes, it is where it should be soon after a restart, and nothing is lost")
    func killed() throws {
        try Lab.with(.packets) { lab in
            try lab.serveForPackets()
            let run = try RunLab(lab.node, manifests(Self.two))
            #expect(try run.waits(for: ruleset(Self.two)))
            let connections = try ["10.244.0.7 10.96.0.10 80", "198.51.100.1 192.0.2.11 30080"].map { client in
                let words = client.split(separator: " ").map(String.init)
                return try lab.open(Probe(from: Client(words[0]), to: words[1], UInt16(words[2]) ?? 0))
            }
            for connection in connections { #expect(connection.greeting.server != nil) }
            var generator = SeededGenerator(seed: 12)
            var times: [RunLab.StartTime] = []
            for number in 0..<Self.kills {
                var pods = Self.two
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    pods = Self.choices.randomElement(using: &generator) ?? Self.two
                    try run.write(manifests(pods))
                    usleep(.random(in: 0...3_000, using: &generator))
                }
                usleep(.random(in: 0...12_000, using: &generator))
                run.agent.kill()
                _ = try run.agent.result()
                try run.restart()
                if number.isMultiple(of: 4) {
                    // As it starts, too.
                    usleep(.random(in: 0...150_000, using: &generator))
                    run.agent.kill()
                    _ = try run.agent.result()
                    try run.restart()
                }
                times.append(try #require(run.startTime(), "round \(number)"))
                #expect(try lab.node.holds(ruleset(pods)), "round \(number)")
                for connection in connections { #expect(connection.ask() == connection.greeting, "round \(number)") }
            }
            // What a machine that does much else lets it wait for is not its own.
            #expect(times.allSatisfy { $0.whole - $0.inQueues <= .seconds(1) }, "\(times)")
            _ = try run.stop()
        }
    }

    private static let choices = [
        two, three, ["10.244.0.6 node-a"], ["10.244.1.6 node-b", "10.244.1.7 node-b"],
        ["10.244.0.6 node-a", "10.244.0.7 node-a", "10.244.1.6 node-b", "10.244.1.7 node-b"],
    ]

    @Test("a configuration that has become another holds at once; one that cannot be used changes nothing")
    func configuration() throws {
        let namespace = try Namespace("config")
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "config.yaml").path
        func write(_ fields: String) throws { try Self.write(configuration: fields, to: path) }
        try write("nftables: {masqueradeAll: false}")
        let lab = try RunLab(namespace, manifests(Self.two), "--config", path)
        #expect(try lab.waits(for: ruleset(Self.two)))
        var masquerading = TestCluster(manifests(Self.two))
        masquerading.masqueradeAll = true
        try write("nftables: {masqueradeAll: true}\nhealthzBindAddress: 127.0.0.1:10256")
        #expect(try lab.waits(for: masquerading.ruleset()))
        try write("nftables: {masqueradeBit: 99}")
        try lab.says("\(path) cannot be used: what it said before holds")
        #expect(try namespace.holds(masquerading.ruleset()))
        lab.hangUp()
        try lab.says("\(path) cannot be used: what it said before holds", times: 2)
        // As it was before it was wrong.
        try write("nftables: {masqueradeAll: true}\nhealthzBindAddress: 127.0.0.1:10256")
        try lab.says("\(path) can be used again")
        try write("nftables: {masqueradeAll: false}")
        #expect(try lab.waits(for: ruleset(Self.two)))
        lab.hangUp()
        try lab.says("\(path): nothing is different")
        let log = try lab.stop().standardError
        for words in [
            "healthzBindAddress has become another, which takes effect at the next start",
            "99 is not the number of a bit", "the configuration: all services resolved again",
        ] { #expect(log.contains(words), "\(words) in\n\(log)") }
    }

    @Test("what is wrong with a configuration is said once, in the log's own form; one that goes back is as it was")
    func configurationWarnings() throws {
        let namespace = try Namespace("warnings")
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "k.yaml").path
        func write(_ fields: String) throws { try Self.write(configuration: "foo: 1\n\(fields)", to: path) }
        try write("hostnameOverride: node-a")
        let lab = try RunLab(namespace, manifests(Self.two), "--config", path, "--log-format", "json")
        #expect(try lab.waits(for: ruleset(Self.two)))
        usleep(300_000)
        for name in ["node-b", "node-a"] {
            try write("hostnameOverride: \(name)")
            usleep(300_000)
        }
        let lines = try lab.stop().standardError.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("{\"time\":") }, "\(lines)")
        // Once for each file that was another.
        #expect(lines.count { $0.contains("foo") } == 3, "\(lines)")
        #expect(lines.count { $0.contains("takes effect at the next start") } == 1, "\(lines)")

        // A pipe is read once.
        let once = try namespace.start([
            "bash", "-c",
            "exec '\(Project.program)' run -f '\(lab.folder.path)' --node-name node-a --config <(cat '\(path)')",
        ])
        usleep(700_000)
        once.terminate()
        let result = try once.result()
        #expect(result.status == 0 && !result.standardError.contains("cannot be used"), "\(result)")
    }

    @Test("memory does not grow with the events that have been")
    func memory() throws {
        let events = Int(ProcessInfo.processInfo.environment["FERRULE_EVENTS"] ?? "") ?? 8_000
        let namespace = try Namespace("memory")
        #expect(try namespace.run(["ip", "link", "set", "lo", "up"]).succeeded)
        let folder = try TemporaryFolder()
        let kubeconfig = folder.url.appending(path: "kubeconfig").path
        let server = try namespace.start([
            Project.serverProgram, "--services", "200", "--kubeconfig", kubeconfig, "--events", "\(events)", "--pause",
            "500",
        ])
        try waitUntil("the server listens") { FileManager.default.fileExists(atPath: kubeconfig) }
        let agent = try namespace.start([
            Project.program, "run", "--kubeconfig", kubeconfig, "--node-name", "node-a", "--log-level", "warning",
        ])
        var samples: [Int] = []
        // The server waits for an agent, so it goes with it.
        while server.isRunning, agent.isRunning {
            usleep(20_000)
            if let bytes = agent.ownMemory { samples.append(bytes) }
        }
        server.terminate()
        #expect(try server.result().standardOutput.contains("\(events) events"))
        agent.terminate()
        #expect(try agent.result().status == 0)
        // The least that was held in each quarter of the time. Events that had to wait for a busy machine may leave room behind
        // once; what each event leaves behind grows all the time.
        let quarter = samples.count / 4
        let least = (0..<4).compactMap { samples[$0 * quarter..<($0 + 1) * quarter].min() }
        let growths = zip(least.dropFirst(), least.dropFirst(2)).map { Double($1) / Double($0) }
        #expect(try #require(growths.min()) <= 1.05, "\(least) bytes")
    }

    @Test("two of them do not work in one namespace")
    func second() throws {
        let namespace = try Namespace("second")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        let other = try namespace.ferrule("run", "-f", lab.folder.path)
        #expect(other.status == 75)
        #expect(other.standardError.contains("another `ferrule run` works in this network namespace"))
        // Nothing has been made yet that would have to be shut down.
        let kubeconfig = lab.folder.appending(path: "kubeconfig").path
        try
            "{current-context: a, contexts: [{name: a, context: {cluster: a}}], clusters: [{name: a, cluster: {server: 'http://[::1]:1'}}]}"
            .write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        #expect(try namespace.ferrule("run", "--kubeconfig", kubeconfig).status == 75)
        _ = try lab.stop()
    }

    @Test("a kubeconfig that cannot be read is not one that is wrong")
    func kubeconfigs() throws {
        let namespace = try Namespace("kubeconfigs")
        let folder = try TemporaryFolder()
        try folder.write("contexts: 1", to: "broken")
        try folder.write("current-context: a", to: "empty")
        let path = folder.url.path
        try folder.write(
            "{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration, "
                + "clientConnection: {kubeconfig: \(path)/empty}}", to: "config.yaml")
        try folder.write(
            "{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration}", to: "none.yaml")
        for (arguments, status, words) in [
            (["--kubeconfig", path + "/missing"], 66, "this file cannot be read"),
            (["--kubeconfig", path + "/broken"], 65, "broken: contexts: this is not a list"),
            (["--kubeconfig", path + "/empty"], 65, "there is none of the name \"a\""),
            (["--config", path + "/config.yaml", "--context", "b"], 65, "there is none of the name \"b\""),
            (["--config", path + "/none.yaml", "--context", "b"], 64, "--config names none"),
            (["--context", "b"], 64, "--context needs --kubeconfig FILE"),
        ] {
            let result = try namespace.run([Project.program, "run", "--node-name", "node-a"] + arguments)
            #expect(result.status == status && result.standardError.contains(words), "\(arguments): \(result)")
            // Whoever has passed one knows how.
            #expect(!result.standardError.contains("hint: pass --kubeconfig"))
        }
    }

    @Test("apply and delete warn that what they do does not last where it runs")
    func besideCommands() throws {
        let namespace = try Namespace("beside")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        let words = "`ferrule run` works here"
        let check = try namespace.ferrule(
            "apply", "--check", "-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11",
            input: manifests([Self.two[0]]))
        #expect(check.succeeded && !check.standardError.contains(words), "\(check)")
        let apply = try namespace.ferrule(
            "apply", "-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11", input: manifests([Self.two[0]]))
        #expect(apply.succeeded && apply.standardError.contains(words), "\(apply)")
        let other = try namespace.ferrule(
            "apply", "--backend", "iptables", "--replace", "-f", "-", "--node-name", "node-a", "--node-ip",
            "192.0.2.11",
            input: manifests(Self.two))
        #expect(other.status == 75 && other.standardError.contains(words), "\(other)")
        let delete = try namespace.ferrule("delete")
        #expect(delete.succeeded && delete.standardError.contains(words), "\(delete)")
        #expect(try lab.waits(for: ruleset(Self.two)))
        _ = try lab.stop()
        let alone = try namespace.ferrule("delete")
        #expect(alone.succeeded && !alone.standardError.contains(words), "\(alone)")
    }

    @Test("it goes on where nobody reads any more what it says")
    func unread() throws {
        let namespace = try Namespace("unread")
        let lab = try RunLab(
            namespace, manifests(Self.two), starter: ["bash", "-c", #"exec "$@" 2> >(true)"#, "bash"])
        for pods in [Self.two, Self.three, Self.two, Self.three] {
            try lab.write(manifests(pods))
            #expect(try lab.waits(for: ruleset(pods)))
        }
        #expect(try lab.stop().status == 0)
    }
}
