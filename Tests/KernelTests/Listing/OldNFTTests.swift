// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleTestSupport
import Foundation
import NetworkLab
import TestConditions
import Testing

/// Containers bring nft programs of their own, and one that crashes on a node's ruleset breaks its owner
/// (https://github.com/kubernetes/kubernetes/issues/136786). What `apply` makes must list on all of them.
///
/// nft 1.0.2 of Ubuntu 22.04 belongs here too, but no Debian mirror serves it, and its build has no JSON.
@Suite("Old nft programs", .needsNamespaces, .enabled(if: OldNFT.isRequiredOrAvailable, OldNFT.reason))
struct OldNFTTests {
    @Test("They list what apply makes, in text and JSON", arguments: OldNFT.versions)
    func lists(version: String) throws {
        let nft = try #require(OldNFT.programs[version], OldNFT.reason)
        let namespace = try Namespace()
        _ = try namespace.output(
            Project.program, "apply", "-q", "-f", Project.shopCluster, "--node-name", "node-a")
        #expect(try namespace.output(nft, "--version").contains("v\(version) "))

        let text = try namespace.output(nft, "list", "ruleset")
        for line in [
            "table ip ferrule {", "table ip6 ferrule {",
            #"10.96.0.10 . udp . 53 comment "kube-system/kube-dns:dns" : goto lb-2"#,
            "numgen random mod 3 vmap { 0 : goto slot-0, 1 : goto slot-1, 2 : goto slot-2 }",
            "numgen random mod 1 vmap { 0 : goto slot-0 }", "goto lb-3", "masquerade fully-random",
            "type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service",
        ] {
            #expect(text.contains(line))
        }
        let here = try namespace.output("nft", "list", "ruleset")
        #expect(text.count("{") == here.count("{") && text.count("goto ") == here.count("goto "))

        // nft 0.9.8 has no JSON for the statement that remembers a client, and says so in its output.
        let json = try namespace.output(nft, "-j", "list", "ruleset").split(separator: "\n")
            .filter { !$0.hasPrefix("warning: ") }.joined(separator: "\n")
        let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        let objects = try #require(document?["nftables"] as? [[String: Any]])
        #expect(objects.count { $0["map"] != nil } == here.count("\tmap "))
        #expect(objects.count { $0["chain"] != nil } == here.count("\tchain "))
    }

    @Test("They list maps of parts and the chains that look them up", arguments: OldNFT.versions)
    func listsParts(version: String) throws {
        let nft = try #require(OldNFT.programs[version], OldNFT.reason)
        let namespace = try Namespace()
        try namespace.apply(TestCluster(PartTests.manifests).withSmallParts.ruleset())
        let text = try namespace.output(nft, "list", "ruleset")
        for line in [
            "type ipv6_addr . inet_proto . inet_service : ipv6_addr\n",
            "type inet_proto . inet_service : ipv4_addr\n",
            "10.96.0.10 . tcp . 80 : 0.", "udp . 30081 : 100::", " : fd00:10:244::12c . 8080",
            "ip daddr set ip daddr . meta l4proto . th dport map @parts-2 goto lb-100",
            "ip6 daddr set meta l4proto . th dport map @nodeport-local-parts-2 goto lb-100",
        ] {
            #expect(text.contains(line))
        }
        let here = try namespace.output("nft", "list", "ruleset")
        #expect(text.count("{") == here.count("{") && text.count("goto ") == here.count("goto "))
        let maps = try Listing.objects(of: namespace, nft: nft).filter { $0.hasPrefix(#"{"map""#) }
        #expect(maps.count == here.count("\tmap "))
    }

    @Test("nft 1.1.3 loads maps of parts from text and JSON, and lists both like what apply makes")
    func loadsParts() throws {
        let nft = try #require(OldNFT.programs["1.1.3"], OldNFT.reason)
        let ruleset = try TestCluster(PartTests.manifests).withSmallParts.ruleset()
        let netlink = try Namespace("netlink")
        try netlink.apply(ruleset)
        let applied = try Listing.objects(of: netlink, nft: nft)
        let text = try Namespace("text")
        _ = try text.output(
            [nft, "-f", "-"], input: String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self))
        #expect(try Listing.objects(of: text, nft: nft) == applied)
        let json = try Namespace("json")
        _ = try json.output(
            [nft, "-j", "-f", "-"], input: String(decoding: JSONRenderer().render(ruleset), as: UTF8.self))
        #expect(try Listing.objects(of: json, nft: nft).sorted() == applied.sorted())
    }

    /// The installed nft may not read the JSON; this one does (see ``NFTAbility``).
    @Test("nft 1.1.3 loads text and JSON, and lists both like what apply makes", arguments: try RenderCase.all())
    func loads(sample: RenderCase) throws {
        let nft = try #require(OldNFT.programs["1.1.3"], OldNFT.reason)
        let netlink = try Namespace("netlink")
        _ = try sample.output(of: "apply", in: netlink)
        let applied = try Listing.objects(of: netlink, nft: nft)
        let text = try Namespace("text")
        _ = try text.output([nft, "-f", "-"], input: sample.text)
        #expect(try Listing.objects(of: text, nft: nft) == applied)
        let report = try sample.output(of: "apply", "--format", "json", in: text)
        #expect(report.contains(#""changed" : false"#), "the program reads it as what it wrote itself: \(report)")
        let json = try Namespace("json")
        _ = try json.output(
            [nft, "-j", "-f", "-"], input: try sample.output(of: "render", "--format", "json", in: json))
        // The JSON declares chains ahead of sets, so the order of objects differs.
        #expect(try Listing.objects(of: json, nft: nft).sorted() == applied.sorted())
    }
}

/// The programs that `scripts/old-nft` fetches.
enum OldNFT {
    static let versions = ["0.9.8", "1.1.3"]

    /// By version; empty where they cannot be fetched.
    static let programs: [String: String] = {
        let folder = Project.url(".old-nft")
        let programs = versions.map { ($0, folder.appending(path: "\($0)/nft").path) }
        if !programs.allSatisfy({ FileManager.default.isExecutableFile(atPath: $0.1) }), !fetch() { return [:] }
        return Dictionary(uniqueKeysWithValues: programs)
    }()

    /// Why they are not there; nil if they are.
    private static var unavailability: String? {
        programs.isEmpty ? "scripts/old-nft could not fetch nft \(versions.joined(separator: " and "))" : nil
    }

    static var isRequiredOrAvailable: Bool { ContinuousIntegration.runsTests(missing: unavailability) }

    static var reason: Comment { Comment(rawValue: unavailability ?? "available") }

    private static func fetch() -> Bool {
        let process = Process()
        process.executableURL = Project.url("scripts/old-nft")
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

extension String {
    fileprivate func count(_ part: String) -> Int { ranges(of: part).count }
}
