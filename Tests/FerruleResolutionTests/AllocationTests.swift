// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleDiagnostics
import FerruleKubernetes
import FerruleNetwork
import FerruleResolution
import FerruleTestSupport
import RandomClusters
import Testing

struct AllocationTests {
    private func options(_ range: String, _ nodePorts: ClosedRange<Int> = 30000...32767) throws -> ResolutionOptions {
        var options = ResolutionOptions()
        options.serviceCIDRs = [try #require(Prefix(range))]
        options.nodePortRange = nodePorts
        return options
    }

    private func nodePortService(_ name: String) -> Service { .make(name) { $0.type = "NodePort" } }

    private func allocate(
        _ services: [Service], _ options: ResolutionOptions, remembered: AllocationLock = AllocationLock()
    ) -> ClusterResolver.Result {
        ClusterResolver.resolve(ClusterObjects(services: services), options: options, remembered: remembered)
    }

    @Test("the order of the input does not matter, also where addresses are scarce", arguments: 1...20)
    func orderIndependent(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let services = (0..<100).map { nodePortService("service-\($0)") }
        // 126 addresses and 128 ports for 100 services: most of them meet another.
        let options = try options("10.96.0.0/25", 30000...30127)
        let expected = allocate(services, options)
        let shuffled = allocate(services.shuffled(using: &generator), options)
        #expect(shuffled.lock == expected.lock)
        #expect(shuffled.cluster == expected.cluster)
        #expect(Set(expected.lock.clusterIPs.values.flatMap(\.self)).count == 100)
        #expect(Set(expected.lock.nodePorts.values).count == 100)
        #expect(expected.diagnostics.filter { $0.severity == .error } == [])
    }

    @Test("what is remembered stays when services come, also in a full range")
    func lockKeeps() throws {
        let options = try options("10.96.0.0/26", 30000...30061)
        let old = (0..<40).map { nodePortService("m-\($0)") }
        let lock = allocate(old, options).lock
        let added = (0..<22).map { nodePortService("a-\($0)") }
        let result = allocate(added + old, options, remembered: lock)
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        #expect(result.lock.clusterIPs.count == 62)
        for (name, addresses) in lock.clusterIPs { #expect(result.lock.clusterIPs[name] == addresses) }
        for (name, port) in lock.nodePorts { #expect(result.lock.nodePorts[name] == port) }
    }

    @Test("what a removed service had is forgotten")
    func lockForgets() throws {
        let options = try options("10.96.0.0/24")
        let lock = allocate([nodePortService("a"), nodePortService("b")], options).lock
        let later = allocate([nodePortService("b")], options, remembered: lock).lock
        #expect(Set(later.clusterIPs.keys) == ["default/b"])
        #expect(Set(later.nodePorts.keys) == ["default/b:80/TCP"])
    }

    @Test("an address or port that a service asks for is taken from whom it was remembered for")
    func givenWins() throws {
        let options = try options("10.96.0.0/24")
        var lock = AllocationLock()
        lock.clusterIPs["default/a"] = ["10.96.0.7"]
        lock.nodePorts["default/a:80/TCP"] = 30007
        let owner = Service.make("z") { spec in
            spec.type = "NodePort"
            spec.clusterIP = "10.96.0.7"
            spec.ports[0].nodePort = 30007
        }
        let result = allocate([nodePortService("a"), owner], options, remembered: lock).lock
        let address = try #require(result.clusterIPs["default/a"]?.first)
        #expect(address != "10.96.0.7")
        #expect(result.nodePorts["default/a:80/TCP"] != 30007)
        #expect(result.clusterIPs["default/z"] == nil)
    }

    @Test("what is remembered from another range is not used")
    func otherRange() throws {
        var lock = AllocationLock()
        lock.clusterIPs["default/a"] = ["10.200.0.7"]
        lock.nodePorts["default/a:80/TCP"] = 20000
        let result = allocate([nodePortService("a")], try options("10.96.0.0/24"), remembered: lock).lock
        #expect(result.clusterIPs["default/a"]?.first?.hasPrefix("10.96.0.") == true)
        #expect(result.nodePorts["default/a:80/TCP"].map { 30000...32767 ~= $0 } == true)
    }

    @Test(
        "a range gives all of its addresses but the first, and in IPv4 the last",
        arguments: [
            ("10.96.0.0/30", 2), ("10.96.0.0/29", 6), ("fd00::/125", 7), ("10.96.0.0/31", 0), ("10.96.0.0/32", 0),
        ])
    func exhaustion(range: String, usable: Int) throws {
        let prefix = try #require(Prefix(range))
        let services = (0...usable).map { number in
            Service.make("s-\(number)") { $0.ipFamilies = [prefix.family.rawValue] }
        }
        let result = allocate(services, try options(range))
        #expect(result.lock.clusterIPs.values.flatMap(\.self).count == usable)
        let error = try #require(result.diagnostics.first)
        #expect(result.diagnostics.count == 1)
        #expect(error.message == "no address is left in \(range) for a ClusterIP")
        #expect(error.object == "Service default/s-\(usable)")
    }

    /// A service of two protocols at one port, and another port.
    private func dns(udp: Int? = nil, tcp: Int? = nil) -> Service {
        .make("dns") { spec in
            spec.type = "NodePort"
            spec.ports = [
                .make(53, name: "dns", protocol: "UDP"), .make(53, name: "dns-tcp"), .make(9153, name: "metrics"),
            ]
            (spec.ports[0].nodePort, spec.ports[1].nodePort) = (udp, tcp)
        }
    }

    @Test("a port of two protocols gets one node port, and a full range is an error")
    func nodePorts() throws {
        let result = allocate([dns()], try options("10.96.0.0/24", 30000...30001))
        let numbers = result.lock.nodePorts
        #expect(Set(numbers.keys) == ["default/dns:53/UDP", "default/dns:53/TCP", "default/dns:9153/TCP"])
        #expect(numbers["default/dns:53/UDP"] == numbers["default/dns:53/TCP"])
        #expect(Set(numbers.values) == [30000, 30001])
        let full = allocate([dns(), nodePortService("web")], try options("10.96.0.0/24", 30000...30001))
        #expect(full.diagnostics.contains { $0.message == "no port is left in 30000-30001 for a node port" })
    }

    @Test("a protocol without a node port gets that of the port's other protocol, wherever that stands")
    func sharedNodePorts() throws {
        let options = try options("10.96.0.0/24")
        #expect(allocate([dns(tcp: 30053)], options).lock.nodePorts["default/dns:53/UDP"] == 30053)
        #expect(allocate([dns(udp: 30053)], options).lock.nodePorts["default/dns:53/TCP"] == 30053)
        var lock = AllocationLock()
        lock.nodePorts["default/dns:53/TCP"] = 31053
        #expect(allocate([dns()], options, remembered: lock).lock.nodePorts["default/dns:53/UDP"] == 31053)
        // As versions before have allocated them: nothing moves.
        lock.nodePorts["default/dns:53/UDP"] = 31054
        let result = allocate([dns()], options, remembered: lock).lock.nodePorts
        #expect(result["default/dns:53/UDP"] == 31054)
        #expect(result["default/dns:53/TCP"] == 31053)
    }

    @Test("a range that is used up is told once, with a count")
    func countedExhaustion() throws {
        let services = (0..<20_000).map { nodePortService("s-\($0)") }
        let found = allocate(services, try options("10.96.0.0/24")).diagnostics.filter { $0.severity == .error }
        #expect(
            found.map(\.message) == [
                "no address is left in 10.96.0.0/24 for a ClusterIP", "no port is left in 30000-32767 for a node port",
            ])
        #expect(found.map(\.likeIt) == [20_000 - 254 - 1, 20_000 - 2768 - 1])
    }

    @Test("more pods than a cluster has are not assumed")
    func tooManyReplicas() throws {
        let counts = [100_000, 2_000_000_000, .max]
        for (number, count) in counts.enumerated() {
            var options = ResolutionOptions()
            options.assumePods = true
            let workloads = [Workload.make("a", replicas: 50_000), .make("b", replicas: count)]
            let found = ClusterResolver.resolve(ClusterObjects(services: [], workloads: workloads), options: options)
                .diagnostics.filter { $0.severity == .error }
            let message =
                "\(count) pods, with 50000 of others, are more than --assume-pods makes: 150000, as many as a cluster may have"
            #expect(found.map(\.message) == (number == 0 ? [] : [message]))
            #expect(found.allSatisfy { $0.object == "Deployment default/b" })
        }
    }

    private static let ranges = ["10.96.0.0/24", "fd00:10:96::/112"]

    @Test(
        "a service has the families that an API server would give it, the primary one first",
        arguments: [
            (nil, nil, nil, [.ipv4]), (nil, "PreferDualStack", nil, [.ipv4, .ipv6]),
            (["IPv6"], nil, nil, [.ipv6]), (["IPv6"], "PreferDualStack", nil, [.ipv6, .ipv4]),
            (["IPv4"], "RequireDualStack", nil, [.ipv4, .ipv6]), (["IPv6"], "SingleStack", nil, [.ipv6]),
            (["IPv6", "IPv4"], "RequireDualStack", nil, [.ipv6, .ipv4]),
            (nil, "PreferDualStack", "fd00:10:96::5", [.ipv6, .ipv4]), (nil, nil, "fd00:10:96::5", [.ipv6]),
            (["IPv6"], "RequireDualStack", "fd00:10:96::5", [.ipv6, .ipv4]),
        ] as [([String]?, String?, String?, [IPFamily])])
    func families(families: [String]?, policy: String?, address: String?, expected: [IPFamily]) throws {
        let service = Service.make("web") {
            ($0.ipFamilies, $0.ipFamilyPolicy, $0.clusterIP) = (families, policy, address)
        }
        var options = ResolutionOptions()
        options.serviceCIDRs = try Self.ranges.map { try #require(Prefix($0)) }
        func addresses(_ service: Service) -> [IPAddress] {
            ClusterResolver(ClusterStore(ClusterObjects(services: [service])), options: options).namedServices()
                .services
                .flatMap(\.clusterIPs)
        }
        #expect(addresses(service).map(\.family) == expected)
        options.serviceCIDRs.reverse()
        let isFree = families == nil && address == nil
        #expect(
            addresses(service).map(\.family)
                == (isFree ? Array([IPFamily.ipv6, .ipv4].prefix(expected.count)) : expected))
        // What an API server has stored it has given all that it gets.
        if let address, let families {
            var stored = service
            stored.meta.isStored = true
            #expect(addresses(stored).map(\.description) == [address] && families == ["IPv6"])
        }
    }

    @Test("what a lock remembers comes in the order of the families, too")
    func lockedFamilies() throws {
        var lock = AllocationLock()
        lock.clusterIPs["default/web"] = ["10.96.0.7", "fd00:10:96::7"]
        let service = Service.make("web") {
            ($0.ipFamilies, $0.ipFamilyPolicy) = (["IPv6", "IPv4"], "RequireDualStack")
        }
        var options = ResolutionOptions()
        options.serviceCIDRs = try Self.ranges.map { try #require(Prefix($0)) }
        #expect(
            allocate([service], options, remembered: lock).lock.clusterIPs["default/web"] == [
                "fd00:10:96::7", "10.96.0.7",
            ])
    }

    @Test(
        "a family without a range is an error where it is said or required, and only there",
        arguments: [
            (["IPv6"], nil, "spec.ipFamilies"), (nil, "RequireDualStack", "spec.ipFamilyPolicy"),
            (["IPv4"], "RequireDualStack", "spec.ipFamilyPolicy"), (["IPv4"], "PreferDualStack", nil), (nil, nil, nil),
        ] as [([String]?, String?, String?)])
    func noRange(families: [String]?, policy: String?, field: String?) throws {
        let services = ["a", "b"].map {
            Service.make($0) { ($0.ipFamilies, $0.ipFamilyPolicy) = (families, policy) }
        }
        let found = allocate(services, try options("10.96.0.0/24")).diagnostics.filter { $0.severity == .error }
        #expect(found.map { "\($0.field)" } == [field].compactMap(\.self))
        #expect(found.allSatisfy { $0.message == "no range of IPv6 is known for a ClusterIP" && $0.likeIt == 1 })
    }

    @Test("a node port is none that health checks of another service have, nor does a lock keep such a one")
    func healthCheckPorts() throws {
        let options = try options("10.96.0.0/24", 30000...30001)
        let balancer = Service.make("lb") { spec in
            (spec.type, spec.externalTrafficPolicy, spec.healthCheckNodePort) = ("LoadBalancer", "Local", 30000)
            spec.allocateLoadBalancerNodePorts = false
        }
        var lock = AllocationLock()
        lock.nodePorts["default/web:80/TCP"] = 30000
        for remembered in [AllocationLock(), lock] {
            let result = allocate([balancer, nodePortService("web")], options, remembered: remembered)
            #expect(result.lock.nodePorts["default/web:80/TCP"] == 30001)
        }
        let full = allocate([balancer, nodePortService("web"), nodePortService("www")], options)
        #expect(full.diagnostics.contains { $0.message == "no port is left in 30000-30001 for a node port" })
    }

    @Test("a short input that stands for endless addresses is refused; of a server's, all but that stands")
    func sizeLimit() throws {
        let service = Service.make("a") { spec in
            spec.clusterIP = "10.96.0.1"
            spec.ports = (1...3000).map { .make($0, name: "p\($0)") }
            spec.externalIPs = (0..<3000).map { "11.0.\($0 / 250).\($0 % 250)" }
        }
        let other = Service.make("b") { spec in
            spec.clusterIP = "10.96.0.2"
            spec.ports = [.make(80, name: "http")]
        }
        let result = allocate([service, other], try options("10.96.0.0/24"))
        let message =
            "the services come to more than 5,000,000 endpoints and addresses with their ports and source ranges"
        #expect(result.diagnostics.first?.message.hasPrefix(message) == true)
        #expect(result.cluster.ports.map(\.service) == ["b"])
    }

    @Test("services without a ClusterIP of their own get none")
    func nothingToAllocate() throws {
        let services = [
            Service.make("headless") { $0.clusterIP = "None" },
            Service.make("alias") { $0.type = "ExternalName" },
            Service.make("given") { $0.clusterIP = "10.96.0.9" },
        ]
        let result = allocate(services, try options("10.96.0.0/24"))
        #expect(result.lock == AllocationLock())
        #expect(result.cluster.services.map(\.kind) == [.externalName, .virtual, .headless])
    }

    @Test("what the other side says holds for who says nothing, whatever the ranges and the lock")
    func likeOther() throws {
        let options = try options("10.96.0.0/24", 30000...30010)
        let lock = allocate([nodePortService("a"), nodePortService("b")], options).lock
        let other = AllocationLock(givenBy: [
            .make("a") {
                $0.clusterIP = "172.20.0.7"
                $0.ports[0].nodePort = 31_000
            }, .make("headless") { $0.clusterIP = "None" },
        ])
        #expect(other.clusterIPs == ["default/a": ["172.20.0.7"]] && other.nodePorts == ["default/a:80/TCP": 31_000])
        let result = ClusterResolver.resolve(
            ClusterObjects(services: [nodePortService("a"), nodePortService("b")]), options: options,
            remembered: lock, other: other)
        #expect(
            result.lock.clusterIPs["default/a"] == ["172.20.0.7"] && result.lock.nodePorts["default/a:80/TCP"] == 31_000
        )
        #expect(result.lock.clusterIPs["default/b"] == lock.clusterIPs["default/b"])
        #expect(result.lock.nodePorts["default/b:80/TCP"] == lock.nodePorts["default/b:80/TCP"])
    }

    @Test("an address that somebody else says is not taken from the other side")
    func likeOtherTaken() throws {
        let options = try options("10.96.0.0/24")
        let other = AllocationLock(givenBy: [.make("a") { $0.clusterIP = "10.96.0.9" }])
        let services = [Service.make("a"), Service.make("b") { $0.clusterIP = "10.96.0.9" }]
        let result = ClusterResolver.resolve(ClusterObjects(services: services), options: options, other: other)
        #expect(result.lock.clusterIPs["default/a"] != ["10.96.0.9"] && result.diagnostics == [])
    }
}
