// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// Rules of source ranges as an older Ferrule and nft 1.0.6 write them, with an instruction that does nothing and that newer
/// kernels refuse. Such rules stand on nodes.
@Suite("Source ranges of older programs", .needsNamespaces)
struct OldRangeFormTests {
    private func manifests(_ ranges: String...) -> String {
        let list = ranges.map { "\"\($0)\"" }.joined(separator: ", ")
        return Manifests.objects(
            Manifests.everywhere("web", 10, spec: ["loadBalancerSourceRanges: [\(list)]"]),
            Manifests.endpoints(of: "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"]))
    }

    private func ferrule(_ namespace: Namespace, _ command: String, _ manifests: String) throws -> CommandResult {
        try namespace.run(
            [
                Project.program, command, "-q", "-f", "-", "--node-name", "node-a", "--node-ip",
                "192.0.2.11,2001:db8::11",
            ], input: manifests)
    }

    @Test("They are no drift and no change, and plans know them", arguments: IPFamily.allCases)
    func readsOldForm(family: IPFamily) throws {
        let namespace = try Namespace()
        let applied = manifests("198.51.100.1/32", "198.51.100.7/32").translated(to: family)
        #expect(try ferrule(namespace, "apply", applied).succeeded)
        let table = family == .ipv4 ? "ip ferrule" : "ip6 ferrule"
        let chain = "\(table) firewall-external-2"
        let (text, end) = try (rule(chain, 0, namespace), rule(chain, 1, namespace))
        try namespace.load("flush chain \(chain)\nadd rule \(chain) \(text)\nadd rule \(chain) \(end)")
        let instructions = try namespace.output("nft", "--debug=netlink", "list", "ruleset")
        try #require(instructions.contains("byteorder reg "), "the installed nft writes it in the old form")

        let status = try namespace.ferrule("status", "--format", "json").standardOutput
        #expect(status.contains(#""drifted" : false"#))
        #expect(try ferrule(namespace, "plan", applied).standardOutput == "No changes.\n")
        let narrower = try ferrule(namespace, "plan", manifests("198.51.100.7/32").translated(to: family))
            .standardOutput
        let ranges = "198.51.100.1/32, 198.51.100.7/32 -> 198.51.100.7/32".translated(to: family)
        #expect(
            narrower.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("source ranges \(ranges)"))
    }

    /// A rule of a chain, in the language of nft.
    private func rule(_ chain: String, _ number: Int, _ namespace: Namespace) throws -> String {
        let listing = try namespace.output(["nft", "list", "chain"] + chain.split(separator: " ").map(String.init))
        let rules = listing.split(separator: "\n").filter { $0.hasPrefix("\t\t") }
        return rules[number].trimmingCharacters(in: .whitespaces)
    }
}
