// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// A chain as the kernel declares it, without its rules.
struct ReadChain {
    let name: String
    private let hook: ReadHook
    /// Whether it belongs to the rule that leads to it (`jump { … }`), and goes with that (`NFT_CHAIN_BINDING`, since Linux 5.9).
    let isOfRule: Bool
    /// The text of the record that is kept with it (``Provenance/record``).
    let record: String?

    /// A rule of a chain.
    enum Content {
        case known(Rule)
        /// As libnftnl describes it.
        case foreign(String)
    }

    init(_ message: NetlinkMessage) {
        name = message.text(Int(NFTA_CHAIN_NAME.rawValue)) ?? ""
        hook = ReadHook(message)
        isOfRule = message.number(NFTA_CHAIN_FLAGS.rawValue).map { $0 & NFT_CHAIN_BINDING.rawValue != 0 } ?? false
        let bytes = message.attributes.first { $0.type == Int(NFTA_CHAIN_USERDATA.rawValue) }?.value(in: message.bytes)
        record = bytes.flatMap { UserData.record(in: Array($0)) }
    }

    /// Whether it is the chain that the record is kept with.
    var isOfRecord: Bool { name == ChainPurpose.record.name.description }

    /// The chain with its rules; nil for one that Ferrule never makes.
    func chain(_ rules: [Content]) -> Chain? {
        let base: BaseChain?
        switch hook {
        case .regular: base = nil
        case .base(let known): base = known
        case .foreign: return nil
        }
        var chain = Chain(named: ChainName(name), base: base, rules: [])
        for rule in rules {
            switch rule {
            case .known(let rule): chain.rules.append(rule)
            case .foreign(let text): chain.foreignRules.append(ForeignRule(text, at: chain.rules.count))
            }
        }
        return chain
    }
}
