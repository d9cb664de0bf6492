// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset
import Testing

/// The kernel keeps names only, so a name must tell everything that a purpose does.
@Suite("Purposes and names")
struct PurposeTests {
    private static let setPurposes: [SetPurpose] =
        [
            .services, .nodePorts, .clusterIPs, .serviceCIDRs, .podCIDRs, .nodePortAddresses, .hairpin, .sourceRanges,
            .affinityRecall(isLocal: false), .affinityRecall(isLocal: true), .affinityServices,
            .affinity(isLocal: false, of: "shop/web/tcp/80"), .affinity(isLocal: true, of: "local-3/lb-3/tcp/http"),
        ] + SlotScope.all.flatMap { [.endpoints($0, slot: 0), .endpoints($0, slot: 1023), .parts($0, number: 7)] }

    private static let chainPurposes: [ChainPurpose] =
        [
            .prerouting, .output, .postrouting, .affinityInput, .affinityPostrouting, .dispatch, .unserved, .record,
            .rememberAny, .recall(isLocal: false, of: "shop/web/tcp/80"), .recall(isLocal: true, of: "a/b/udp/c"),
            .remember(isLocal: false, of: "shop/web/tcp/80"), .remember(isLocal: true, of: "a/slot-1/udp/c"),
            .rememberBoth(of: "remember-x/y/tcp/80"),
        ] + SlotScope.all.flatMap { [.slot($0, 0), .slot($0, 77)] } + shapes.map(ChainPurpose.shape)

    private static let shapes: [Shape] = {
        let simple =
            SlotScope.all.flatMap { scope in
                [Shape.balance(scope, 3), .sticky(scope, 12), .part(scope, number: 0, 125), .part(scope, number: 9, 1)]
            }
            + [false, true].flatMap { isNodePort in
                [false, true].flatMap { sticky in
                    [
                        Shape.external(isNodePort: isNodePort, sticky: sticky, 0),
                        .externalLocal(isNodePort: isNodePort, sticky: sticky, cluster: 5, local: 0),
                    ]
                }
            } + [.refuse, .refuseUnlessNodePort]
        return simple + simple.map(Shape.firewall) + [.firewall(.drop)]
    }()

    @Test("A set's purpose is read from its name", arguments: setPurposes)
    func sets(purpose: SetPurpose) {
        #expect(SetPurpose(purpose.name) == purpose)
        #expect(!purpose.isForeign)
    }

    @Test("A chain's purpose is read from its name", arguments: chainPurposes)
    func chains(purpose: ChainPurpose) {
        #expect(ChainPurpose(purpose.name) == purpose)
        #expect(!purpose.isForeign)
    }

    @Test("No two purposes have one name")
    func unique() {
        #expect(Set(Self.setPurposes.map(\.name)).count == Self.setPurposes.count)
        #expect(Set(Self.chainPurposes.map(\.name)).count == Self.chainPurposes.count)
    }

    @Test(
        "Other names are somebody else's, and are kept as they are",
        arguments: [
            "", "mine", "drop", "lb", "lb-", "lb-x", "lb-03", "lb-+3", "lb--3", "lb-3-4", "nodeport-", "local-",
            "slot-",
            "endpoints", "endpoints-", "endpoints-01", "local-nodeport-endpoints-1", "part-3", "sticky-part-1-2",
            "sticky-sticky-lb-3", "external-local-3", "firewall-", "firewall-mine", "nodeport-affinity-a/b/tcp/80",
            "nodeport-recall-a/b/tcp/80", "services-1", "both-affinity-a/b/tcp/80", "external-1-2-3",
        ])
    func foreign(name: String) {
        let (set, chain) = (SetPurpose(SetName(name)), ChainPurpose(ChainName(name)))
        #expect(set == .foreign(name) && set.name == SetName(name) && !set.mayBeLeftOver)
        #expect(chain == .foreign(name) && chain.name == ChainName(name) && !chain.mayBeLeftOver)
    }

    @Test("A chain that packets enter otherwise is somebody else's, whatever its name")
    func otherBase() {
        let name = ChainPurpose.prerouting.name
        for base in [
            BaseChain(.filter, .prerouting, priority: -100),
            BaseChain(.nat, .prerouting, priority: -100, policy: .drop),
        ] {
            #expect(Chain(named: name, base: base, rules: []).purpose == .foreign("nat-prerouting"))
        }
        let base = BaseChain(.nat, .prerouting, priority: -100)
        #expect(Chain(named: name, base: base, rules: []) == Chain(.prerouting, rules: []))
    }
}
