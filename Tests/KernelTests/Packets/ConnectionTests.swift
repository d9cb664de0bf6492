// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import Testing

/// Established connections while the ruleset changes.
@Suite("Established connections", .needsNamespaces)
struct ConnectionTests {
    private func manifests(_ endpoints: String...) -> String {
        Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP 30080"),
            Manifests.slice("web", endpoints, "http 8080/TCP"))
    }

    /// A pod, a client of the node port, and a pod that is its own server.
    private func connections(_ lab: Lab, _ family: IPFamily) throws -> [Connection] {
        let clients = ["10.244.0.7 10.96.0.10 80", "198.51.100.1 192.0.2.11 30080", "10.244.0.6 10.96.0.10 80"]
        return try clients.map { client in
            let words = client.translated(to: family).split(separator: " ").map(String.init)
            return try lab.open(Probe(from: Client(words[0]), to: words[1], UInt16(words[2]) ?? 0))
        }
    }

    private func ruleset(_ endpoint: String, _ family: IPFamily) throws -> Ruleset {
        try TestCluster(manifests(endpoint).translated(to: family)).ruleset()
    }

    @Test("They survive an apply of the same and of another endpoint", arguments: IPFamily.allCases)
    func surviveApply(family: IPFamily) throws {
        try Lab.with(.packets) { lab in
            try lab.serveForPackets()
            try lab.node.apply(try ruleset("10.244.0.6 node-a", family))
            let connections = try connections(lab, family)
            for endpoint in ["10.244.0.6", "10.244.1.6"] {
                try lab.node.apply(try ruleset("\(endpoint) node-a", family))
                for connection in connections {
                    #expect(connection.greeting.server == address("10.244.0.6".translated(to: family)))
                    #expect(connection.ask() == connection.greeting)
                }
                let probe = Probe(
                    from: Client("10.244.0.7".translated(to: family)), to: "10.96.0.10".translated(to: family), 80)
                #expect(try lab.probe(probe).server == address(endpoint.translated(to: family)))
            }
        }
    }

    /// The kernel tracks and translates as long as there is a rule in the family that needs it, whosever it is.
    @Test("They survive a delete only where somebody else translates", arguments: IPFamily.allCases, [true, false])
    func surviveDelete(family: IPFamily, hasNeighbour: Bool) throws {
        try Lab.with(.packets) { lab in
            try lab.serveForPackets()
            if hasNeighbour {
                let table = family == .ipv4 ? "ip other" : "ip6 other"
                try lab.node.load(
                    """
                    table \(table) {
                        chain nat { type nat hook postrouting priority 110; oifname "none" masquerade; }
                    }
                    """)
            }
            try lab.node.apply(try ruleset("10.244.0.6 node-a", family))
            let connections = try connections(lab, family)
            try lab.node.apply(.deleting([TableName.ferrule(family)]))
            for connection in connections {
                #expect((connection.ask() == connection.greeting) == hasNeighbour)
            }
        }
    }
}
