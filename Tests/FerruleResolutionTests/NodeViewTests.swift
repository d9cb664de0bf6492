// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleNetwork
import FerruleResolution
import Testing

/// What is known of the node that a ruleset is for.
struct NodeViewTests {
    private static func addresses(_ texts: String) -> [IPAddress] {
        texts.split(separator: " ").compactMap { IPAddress($0) }
    }

    private func nodePortAddresses(_ node: Node? = nil, _ change: (inout ResolutionOptions) -> Void)
        -> [IPFamily: NodePortAddresses]
    {
        var options = ResolutionOptions()
        options.nodeName = "node-a"
        change(&options)
        var objects = ClusterObjects()
        objects.nodes = node.map { [$0] } ?? []
        return ClusterResolver.resolve(objects, options: options).cluster.surroundings.nodePortAddresses
    }

    /// Addresses of a Node's status, `InternalIP 192.0.2.11, Hostname node-a`; those of the option; the first of each
    /// family.
    private static let primaries: [(status: String, option: String, four: String?, six: String?)] = [
        ("InternalIP 192.0.2.11, InternalIP 2001:db8::11", "", "192.0.2.11", "2001:db8::11"),
        ("InternalIP 192.0.2.12, InternalIP 192.0.2.11", "", "192.0.2.12", nil),
        ("ExternalIP 203.0.113.7, InternalIP 192.0.2.11", "", "192.0.2.11", nil),
        ("InternalIP 192.0.2.11, ExternalIP 2001:db8::7", "", "192.0.2.11", "2001:db8::7"),
        ("ExternalIP 203.0.113.7, Hostname 192.0.2.1, ExternalDNS a.example", "", "203.0.113.7", nil),
        ("InternalIP nonsense, InternalIP 192.0.2.11", "", "192.0.2.11", nil),
        ("", "192.0.2.11,2001:db8::11", "192.0.2.11", "2001:db8::11"),
        ("InternalIP 192.0.2.11", "192.0.2.99,2001:db8::11", "192.0.2.11", "2001:db8::11"),
        ("ExternalIP 203.0.113.7", "192.0.2.99", "203.0.113.7", nil),
        ("", "", nil, nil),
    ]

    @Test(
        "its InternalIPs come before its ExternalIPs, and those before the addresses that an option adds",
        arguments: primaries)
    func primary(status: String, option: String, four: String?, six: String?) {
        var node = Node(meta: ObjectMeta(name: "node-a", namespace: ""))
        node.addresses = status.split(separator: ", ").map { entry in
            let words = entry.split(separator: " ")
            var address = NodeAddress()
            (address.type, address.address) = (String(words[0]), String(words[1]))
            return address
        }
        let found = nodePortAddresses(node) {
            $0.nodeAddresses = option.split(separator: ",").compactMap { IPAddress($0) }
        }
        for (family, expected) in [(IPFamily.ipv4, four), (.ipv6, six)] {
            let expected = expected.flatMap { IPAddress($0) }
            #expect(found[family] == expected.map { .listed([$0]) } ?? .all(known: []))
        }
    }

    @Test(
        "an address that kube-proxy was given to bind to is the node's before all others of its family",
        arguments: [
            ("192.0.2.99", "192.0.2.99", "2001:db8::11"), ("2001:db8::99", "192.0.2.11", "2001:db8::99"),
            ("0.0.0.0", "192.0.2.11", "2001:db8::11"), ("::", "192.0.2.11", "2001:db8::11"),
            ("192.000.2.099", "192.0.2.99", "2001:db8::11"),
        ])
    func bindAddress(bind: String, four: String, six: String) {
        var node = Node(meta: ObjectMeta(name: "node-a", namespace: ""))
        node.addresses = ["192.0.2.11", "2001:db8::11"].map { text in
            var address = NodeAddress()
            (address.type, address.address) = ("InternalIP", text)
            return address
        }
        var configuration = KubeProxyConfiguration()
        configuration.bindAddress = bind
        let found = nodePortAddresses(node) { options in
            options = ResolutionOptions(configuration)
            options.nodeName = "node-a"
        }
        #expect(found == [.ipv4: .listed(Self.addresses(four)), .ipv6: .listed(Self.addresses(six))])
    }

    /// Ranges of the option, addresses of the interfaces, and those of them that serve node ports; nil: all of the family.
    private static let choices: [(ranges: String, interfaces: String, four: String?, six: String?)] = [
        ("10.20.30.0/24", "10.20.30.51 100.200.201.1", "10.20.30.51", nil),
        ("0.0.0.0/0", "10.20.30.51 127.0.0.1", nil, nil),
        ("2001:db8::/64 ::1/128", "2001:db8::1 ::1", nil, "2001:db8::1"),
        ("::/0", "2001:db8::1 ::1", nil, nil),
        ("127.0.0.1/32", "10.20.30.51 127.0.0.1", "", nil),
        ("127.0.0.0/8", "127.0.1.1", "", nil),
        ("10.20.30.0/24 100.200.201.0/24", "10.20.30.51 100.200.201.1", "10.20.30.51 100.200.201.1", nil),
        ("10.20.30.0/24 100.200.201.0/24", "192.168.1.2 127.0.0.1", "", nil),
        ("1.2.3.0/24 0.0.0.0/0", "1.2.3.4", nil, nil),
        ("0.0.0.0/0 1.2.3.0/24 2001:db8::1/128", "1.2.3.4 2001:db8::1 127.0.0.1 ::1", nil, "2001:db8::1"),
        ("::/0 1.2.3.0/24 2001:db8::1/128", "1.2.3.4 2001:db8::1 127.0.0.1 ::1", "1.2.3.4", nil),
    ]

    @Test("ranges choose among its addresses, each family by its own, and never a loopback address", arguments: choices)
    func ranges(ranges: String, interfaces: String, four: String?, six: String?) {
        let found = nodePortAddresses { options in
            options.nodePortAddresses = ranges.split(separator: " ").compactMap { Prefix($0) }
            options.interfaceAddresses = Self.addresses(interfaces)
        }
        for (family, expected) in [(IPFamily.ipv4, four), (.ipv6, six)] {
            switch found[family] {
            case .all: #expect(expected == nil)
            case .within(_, let known): #expect(known == expected.map(Self.addresses))
            case .listed, nil: Issue.record("\(family): \(String(describing: found[family]))")
            }
        }
    }

    @Test(
        "the name of a host is that of its node without blanks and in lower case",
        arguments: [
            ("node-a", "node-a"), ("Rack7-N1", "rack7-n1"), (" node-a\n", "node-a"),
            ("NODE.Example.ORG\t", "node.example.org"),
            ("", nil), (" \n", nil),
        ])
    func names(host: String, expected: String?) {
        #expect(Node.name(of: host) == expected)
    }
}
