// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

/// Writes down the messages that a transaction is sent as, for people.
package struct TransactionListing: Sendable {
    package init() {}

    /// A line a message, elements and instructions indented below theirs; rules as `nft --debug=netlink` shows them.
    package func render(_ transaction: Transaction) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(4096 + 96 * transaction.elementCount)
        text.append(contentsOf: "NFNL_MSG_BATCH_BEGIN\n".utf8)
        for operation in transaction.operations { append(operation, to: &text) }
        text.append(contentsOf: "NFNL_MSG_BATCH_END\n".utf8)
        return text
    }

    private func append(_ operation: Operation, to text: inout [UInt8]) {
        switch operation {
        case .addTable(let table):
            appendMessage("NFT_MSG_NEWTABLE", "\(table)", to: &text)
        case .deleteTable(let table):
            appendMessage("NFT_MSG_DELTABLE", "\(table)", to: &text)
        case .addSet(let table, let set):
            appendMessage("NFT_MSG_NEWSET", "\(table) \(set.name)", to: &text)
            appendLine(declaration(of: set, table.family), to: &text)
        case .addElements(let table, let set):
            appendMessage("NFT_MSG_NEWSETELEM", "\(table) \(set.name)", to: &text)
            for element in set.elements { appendLine(element.description, to: &text) }
        case .deleteElements(let table, let set):
            appendMessage("NFT_MSG_DELSETELEM", "\(table) \(set.name)", to: &text)
            for element in set.elements { appendLine(element.description, to: &text) }
        case .flushSet(let table, let set):
            appendMessage("NFT_MSG_DELSETELEM", "\(table) \(set) (all)", to: &text)
        case .deleteSet(let table, let set):
            appendMessage("NFT_MSG_DELSET", "\(table) \(set)", to: &text)
        case .flushChain(let table, let chain):
            appendMessage("NFT_MSG_DELRULE", "\(table) \(chain) (all)", to: &text)
        case .deleteChain(let table, let chain):
            appendMessage("NFT_MSG_DELCHAIN", "\(table) \(chain)", to: &text)
        case .addChain(let table, let chain, let provenance):
            appendMessage("NFT_MSG_NEWCHAIN", "\(table) \(chain.name)", to: &text)
            if let base = chain.base {
                let line =
                    "type \(base.kind.rawValue) hook \(base.hook.name) priority \(base.priority) "
                    + "policy \(base.policy.name)"
                appendLine(line, to: &text)
            }
            if let provenance { appendLine(provenance.record(of: table), to: &text) }
        case .addRule(let table, let chain, let rule):
            append(rule, "\(table) \(chain)", table, to: &text)
        }
    }

    private func append(_ rule: Rule, _ place: String, _ table: TableName, to text: inout [UInt8]) {
        let expressions = Lowering(table.family).expressions(of: rule)
        for case .lookupAnonymousVerdict(let verdicts, _) in expressions {
            appendMessage("NFT_MSG_NEWSET", "\(table) \(AnonymousMap.name)", to: &text)
            appendLine("anonymous constant map, key integer, data verdict, size \(verdicts.count)", to: &text)
            appendMessage("NFT_MSG_NEWSETELEM", "\(table) \(AnonymousMap.name)", to: &text)
            for (index, verdict) in verdicts.enumerated() { appendLine("\(index) : \(verdict)", to: &text) }
        }
        appendMessage("NFT_MSG_NEWRULE", place, to: &text)
        for expression in expressions { appendLine(expression.listing(in: table.family), to: &text) }
    }

    private func declaration(of set: SetDefinition, _ family: IPFamily) -> String {
        var parts = ["key \(set.keyType.name(in: family)) (\(set.keyType.length(family)) bytes)"]
        switch set.valueType {
        case .verdict: parts.append("data verdict")
        case .data(let type): parts.append("data \(type.name(in: family)) (\(type.length(family)) bytes)")
        case nil: break
        }
        switch set.kind {
        case .plain: break
        case .interval: parts.append("interval")
        case .dynamic: parts.append("dynamic, timeout")
        }
        if let size = set.size { parts.append("size \(size)") }
        return (set.isMap ? "map, " : "set, ") + parts.joined(separator: ", ")
    }

    private func appendMessage(_ type: String, _ place: String, to text: inout [UInt8]) {
        text.append(contentsOf: type.utf8)
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: place.utf8)
        text.append(UInt8(ascii: "\n"))
    }

    private func appendLine(_ line: String, to text: inout [UInt8]) {
        text.append(contentsOf: "  ".utf8)
        text.append(contentsOf: line.utf8)
        text.append(UInt8(ascii: "\n"))
    }
}
