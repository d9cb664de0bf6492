// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleIPTables
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// What is read back of what was written.
@Suite("What iptables-save shows")
struct StandingTests {
    @Test(
        "What stands needs no change, also where another version writes it in another way",
        arguments: 0..<40 as Range<UInt64>)
    func sameAgain(seed: UInt64) {
        var random = RandomCluster(seed: seed)
        let cluster = random.cluster()
        for family in IPFamily.allCases {
            let ruleset = cluster.iptables(family)
            let saved = ruleset.saved
            #expect(IPTablesChange(from: StandingIPTables(saved, family), to: ruleset).text == "")
            let mask = family == .ipv4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            let other = saved.replacing(" --mask \(mask) --rsource", with: "")
                .replacing(" -m tcp --dport", with: " --dport")
                .replacing(#/-d (\S+)/(32|128) /#) { "-d \($0.1) " }
                .replacing("-p sctp", with: "-p 132")
            #expect(cluster.ports.isEmpty || other != saved)
            let standing = StandingIPTables(other, family)
            #expect(IPTablesChange(from: standing, to: ruleset).text == "")
            #expect(standing.deviations() == [])
        }
    }

    @Test("A change of a rule is seen, however small")
    func drift() throws {
        var cluster = ResolvedCluster.services(4, endpoints: 3)
        // One that is refused.
        cluster.services[3].ports[0].endpoints = EndpointLists()
        cluster.services[2].ports[0].affinitySeconds = 60
        let ruleset = cluster.iptables()
        let saved = ruleset.saved
        for (old, new) in [
            ("10.0.0.2:8080", "10.0.0.2:8081"), ("0.50000000000", "0.60000000000"), ("--dport 80 ", "--dport 80:81 "),
            ("-p tcp -m comment", "-p tcp -m limit --limit 1/sec -m comment"),
            ("--set-xmark 0x4000/0x4000", "--set-xmark 0x4/0x4"),
            ("--mask 255.255.255.255", "--mask 255.0.0.0"), ("--seconds 60 --reap", "--seconds 60"),
            ("-m recent --set", "-m recent --set --reap"),
            ("-j FERRULE-CLOSED", "-j DROP"), ("! -s 10.0.0.0/8", "-s 10.0.0.0/8"),
        ] {
            let range = try #require(saved.firstRange(of: old), "\(old)")
            let changed = saved.replacingCharacters(range, with: new)
            let standing = StandingIPTables(changed, .ipv4)
            #expect(standing.deviations().count == 1, "\(old)")
            #expect(!IPTablesChange(from: standing, to: ruleset).isEmpty, "\(old)")
        }
    }

    @Test("A chain that a rule of somebody else leads to is emptied, and not removed")
    func foreignJumps() {
        let services = ResolvedCluster.services(3, endpoints: 3).iptables()
        let wanted = IPTablesRuleset(.ipv4, tables: IPTablesTable.Name.allCases.map { IPTablesTable($0) })
        let foreign = """
            *nat
            -A INPUT -g FERRULE-ADDRESSES
            -A OTHER -m comment --comment "not -j FERRULE-POSTROUTING" -j ACCEPT

            """
        let saved = services.saved.replacing("*nat\n", with: foreign)
        let change = IPTablesChange(from: StandingIPTables(saved, .ipv4), to: wanted)
        #expect(
            change.tables.flatMap(\.keptBy).map { "\($0.table) \($0.chain) \($0.target)" } == [
                "nat INPUT FERRULE-ADDRESSES"
            ])
        #expect(change.text.contains(":FERRULE-ADDRESSES ") && !change.text.contains("-X FERRULE-ADDRESSES"))
        #expect(change.text.contains("-X FERRULE-POSTROUTING") && !change.text.contains("OTHER"))
        let left = StandingIPTables("*nat\n:FERRULE-ADDRESSES - [0:0]\n-A INPUT -g FERRULE-ADDRESSES\nCOMMIT\n", .ipv4)
        #expect(left.isEmpty && left.deviations() == [])
        #expect(IPTablesChange(from: left, to: wanted).isEmpty)
        // What is empty there is not what somebody has changed.
        #expect(IPTablesChange(from: left, to: services).tables.flatMap(\.drifted) == [])
        // A chain that Ferrule's own rules lead to has lost its rules.
        let flushed = StandingIPTables(
            saved.split(separator: "\n").filter { !$0.hasPrefix("-A FERRULE-ADDRESSES ") }.joined(separator: "\n")
                + "\n",
            .ipv4)
        #expect(flushed.deviations() == ["nat: chain FERRULE-ADDRESSES is empty"])
    }

    @Test("A record may go alone")
    func record() {
        let ruleset = ResolvedCluster.services(1, endpoints: 1).iptables()
        let standing = StandingIPTables(ruleset.saved, .ipv4)
        var change = IPTablesChange(from: standing, to: ruleset)
        #expect(change.isEmpty)
        change.exchangeRecord("ferrule", standing)
        #expect(!change.isEmpty)
        #expect(
            change.text == """
                *nat
                :FERRULE-RECORD - [0:0]
                -A FERRULE-RECORD -m comment --comment "ferrule"
                COMMIT

                """)
    }

    @Test("A table that another apply has left is told from those of the record")
    func sums() {
        let (before, after) = (
            ResolvedCluster.services(1, endpoints: 1).iptables(), ResolvedCluster.services(1, endpoints: 2).iptables()
        )
        let change = IPTablesChange(from: StandingIPTables(before.saved, .ipv4), to: after)
        let sums = TableSums { family, name in family == .ipv4 ? change.sum(name) : "" }
        #expect(TableSums(text: sums.text) == sums)
        #expect(TableSums(of: [StandingIPTables(after.saved, .ipv4)]) == sums)
        let half = StandingIPTables(before.saved, .ipv4)
        #expect(half.deviations() == [])
        #expect(half.deviations(from: sums) == ["nat: other chains than were applied with those of the record"])
        #expect(
            StandingIPTables(after.saved, .ipv6).deviations(from: sums)
                == ["filter: chains that were not applied", "nat: chains that were not applied"])
    }

    @Test("Which services were there is read from the rules", arguments: 0..<20 as Range<UInt64>)
    func served(seed: UInt64) {
        var random = RandomCluster(seed: seed)
        let cluster = random.cluster()
        for family in IPFamily.allCases {
            let served = StandingIPTables(cluster.iptables(family).saved, family).served(like: nil)
            for port in cluster.ports where port.family == family && port.endpoints.existAnywhere {
                if let nodePort = port.nodePort {
                    #expect(served.nodePorts[.port(port.protocol, nodePort)] != nil)
                }
                let list = port.internalPolicy == .local ? port.endpoints.local : port.endpoints.cluster
                if let clusterIP = port.clusterIP, !list.isEmpty {
                    #expect(served.services[.service(clusterIP, port.protocol, port.port)] != nil)
                }
            }
        }
    }

    @Test(
        "Interfaces that iptables alone cannot match are refused", arguments: ["pod+", "!eth0", "a b", "é0"])
    func interfaces(name: String) {
        var cluster = ResolvedCluster()
        cluster.podTraffic = .interface(name)
        #expect(IPTablesLimits.diagnostics(cluster).map(\.severity) == [.error])
        cluster.podTraffic = .interface("cbr0")
        #expect(IPTablesLimits.diagnostics(cluster) == [])
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
