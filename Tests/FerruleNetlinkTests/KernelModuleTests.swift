// SPDX-License-Identifier: Apache-2.0

import CNetfilter
import FerruleNetwork
import FerruleRuleset
import Glibc
import Testing

@testable import FerruleNetlink

/// Which module it is for lack of which a kernel says ENOENT (as Linux 5.10 to 7.3 do where they are withheld).
struct KernelModuleTests {
    private static let key: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
    private static let chain = ChainName("lb-2")

    /// A rule, the position of one of its instructions, and the module that has this; with `*` for `ipv4` or `ipv6`.
    private static let instructions: [(rule: Rule, position: Int, module: String?)] = [
        (Rule(.numgen([.goto(chain), .drop])), 0, "nft_numgen"),
        (Rule(.numgen([.goto(chain), .drop])), 1, nil),
        (Rule(.isLocal(.source, negated: false), .verdict(.goto(chain))), 0, "nft_fib_*"),
        (Rule(.isLocal(.source, negated: false), .verdict(.goto(chain))), 2, nil),
        (Rule(.transportProtocol(.tcp), .reject(withTCPReset: true)), 1, nil),
        (Rule(.transportProtocol(.tcp), .reject(withTCPReset: true)), 2, "nft_reject_*"),
        (Rule(.dnat(key, SetName("endpoints-0"))), 3, nil),
        (Rule(.dnat(key, SetName("endpoints-0"))), 4, "nft_nat"),
        (Rule(.isDNAT, .masquerade), 0, "nft_ct"),
        (Rule(.isDNAT, .masquerade), 3, "nft_masq"),
        (Rule(.lookup([.sourceAddress], SetName("pod-cidrs"), negated: true)), 1, nil),
        (Rule(.verdictMap(key, SetName("services"))), 3, nil),
    ]

    /// The last message of an operation.
    private func message(_ operation: FerruleRuleset.Operation) throws -> NetlinkMessage {
        let batch = try BatchEncoder.encode(Transaction([operation]))
        let offset = try #require(batch.messages.last?.offset)
        return try #require(NetlinkMessage(startOf: batch.bytes[offset...]))
    }

    /// Where the kernel says that the fault is, if it is in the instruction at a position.
    private func offset(ofInstruction position: Int, in message: NetlinkMessage) throws -> Int {
        let list = try #require(message.attributes.first { $0.type == Int(NFTA_RULE_EXPRESSIONS.rawValue) })
        return Array(list.nested(in: message))[position].offset
    }

    @Test("the instruction at fault tells the module", arguments: IPFamily.allCases, instructions.indices)
    func ofInstructions(family: IPFamily, index: Int) throws {
        let (rule, position, module) = Self.instructions[index]
        let message = try message(.addRule(TableName(family, "ferrule"), ChainName("external-2"), rule))
        let missing = KernelModule.missing(for: message, at: try offset(ofInstruction: position, in: message))
        #expect(missing?.name == module?.replacing("*", with: family == .ipv4 ? "ipv4" : "ipv6"))
    }

    @Test("a rule whose chain or table is missing lacks no module")
    func ofMissingChain() throws {
        let message = try message(.addRule(TableName(.ipv4, "ferrule"), Self.chain, Rule(.numgen([.drop]))))
        for type in [NFTA_RULE_TABLE, NFTA_RULE_CHAIN] {
            let attribute = try #require(message.attributes.first { $0.type == Int(type.rawValue) })
            #expect(KernelModule.missing(for: message, at: attribute.offset) == nil)
        }
        #expect(KernelModule.missing(for: message, at: nil) == nil, "older kernels do not say what is missing")
    }

    @Test("a base chain lacks its type, unless it lacks its table")
    func ofChains() throws {
        let base = try message(.addChain(TableName(.ipv6, "ferrule"), Chain(.prerouting, rules: [])))
        let attributes = Array(base.attributes)
        let type = try #require(attributes.first { $0.type == Int(NFTA_CHAIN_TYPE.rawValue) })
        let table = try #require(attributes.first { $0.type == Int(NFTA_CHAIN_TABLE.rawValue) })
        #expect(KernelModule.missing(for: base, at: type.offset)?.name == "nft_chain_nat")
        #expect(KernelModule.missing(for: base, at: nil)?.name == "nft_chain_nat")
        #expect(KernelModule.missing(for: base, at: table.offset) == nil)
        let filter = Chain(named: Self.chain, base: BaseChain(.filter, .forward, priority: 0), rules: [])
        for chain in [Chain(named: Self.chain, rules: []), filter] {
            let message = try message(.addChain(TableName(.ipv6, "ferrule"), chain))
            #expect(KernelModule.missing(for: message, at: nil) == nil)
        }
    }

    @Test("a subsystem that is not there says EINVAL")
    func ofSubsystems() throws {
        let requests = [
            "nf_tables": TableRequest.generation, "nf_conntrack_netlink": ConntrackMessage.dumpRequest(.ipv6),
        ]
        for (name, request) in requests {
            guard case .unsupported(let refusals) = NetlinkError.asking(request, ErrorNumber(EINVAL)) else {
                Issue.record("\(name) is not told to be missing")
                continue
            }
            #expect(refusals.map(\.missing?.name) == [name])
            #expect(NetlinkError.asking(request, ErrorNumber(EPERM)) == .notPermitted)
            #expect(NetlinkError.asking(request, ErrorNumber(EINTR)).meansChangedUnderway)
        }
    }
}
