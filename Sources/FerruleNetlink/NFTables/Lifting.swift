// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// Turns the instructions of a rule back into the statements that they were made from: ``Lowering`` reversed.
struct Lifting {
    private let family: IPFamily
    private let expressions: [KernelExpression]
    private var position = 0

    /// The rule of which ``Lowering`` makes exactly these instructions; nil if Ferrule never writes such a rule.
    static func rule(of expressions: [KernelExpression], _ family: IPFamily) -> Rule? {
        var lifting = Lifting(family, expressions)
        var statements: [Statement] = []
        while lifting.position < expressions.count {
            guard let statement = lifting.statement() else { return nil }
            statements.append(statement)
        }
        let rule = Rule(statements)
        return Lowering(family).expressions(of: rule) == expressions ? rule : nil
    }

    private init(_ family: IPFamily, _ expressions: [KernelExpression]) {
        (self.family, self.expressions) = (family, expressions)
    }

    private mutating func next() -> KernelExpression? {
        guard position < expressions.count else { return nil }
        defer { position += 1 }
        return expressions[position]
    }

    private func peek(_ distance: Int = 0) -> KernelExpression? {
        position + distance < expressions.count ? expressions[position + distance] : nil
    }

    private mutating func statement() -> Statement? {
        switch peek() {
        case .immediate(let verdict): return taking(1, .verdict(verdict))
        case .masquerade: return taking(1, .masquerade)
        case .reject(let withTCPReset): return taking(1, .reject(withTCPReset: withTCPReset))
        case .numgen:
            guard case .lookupAnonymousVerdict(let verdicts, _) = peek(1) else { return nil }
            return taking(2, .numgen(verdicts))
        case .loadAddressType(let direction, _):
            guard case .compare(let comparison, _, _) = peek(1) else { return nil }
            return taking(2, .isLocal(direction, negated: comparison == .notEqual))
        case .loadMeta(.inputInterfaceName, _):
            guard case .compare(let comparison, _, let bytes) = peek(1) else { return nil }
            let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            let isPrefix = bytes.last != 0
            return taking(2, .inputInterface(name, isPrefix: isPrefix, negated: comparison == .notEqual))
        case .loadMeta(.mark, _): return markStatement()
        case .loadConntrack(.status, _): return taking(3, .isDNAT)
        default: return comparisonOrLookup()
        }
    }

    private mutating func taking(_ count: Int, _ statement: Statement) -> Statement? {
        position += count
        return statement
    }

    private mutating func markStatement() -> Statement? {
        guard case .bitwise(_, let mask, let xor) = peek(1) else { return nil }
        let bit = xor == 0 ? mask : xor
        guard bit.nonzeroBitCount == 1, let mark = Mark(bit: bit.trailingZeroBitCount) else { return nil }
        if xor == 0 { return taking(3, .hasMark(mark)) }
        return taking(3, mask == .max ? .xorMark(mark) : .setMark(mark))
    }

    /// A statement that starts by loading fields.
    private mutating func comparisonOrLookup() -> Statement? {
        if case .loadMeta(.transportProtocol, _) = peek(), case .compare(.equal, _, let bytes) = peek(1) {
            guard let number = bytes.first, let transport = TransportProtocol(rawValue: number) else { return nil }
            if case .payload(.transport, _, _, _) = peek(2), case .compare(.notEqual, _, [0, 0]) = peek(3) {
                return taking(4, .hasPort(transport))
            }
            return taking(2, .transportProtocol(transport))
        }
        if case .payload = peek(), case .compare(.notEqual, _, _) = peek(1) { return taking(2, .isNotLoopback) }
        var fields: [Field] = []
        while let expression = next() {
            switch expression {
            case .lookup(let set, _, let inverted): return .lookup(fields, set, negated: inverted)
            case .lookupVerdict(let map, _): return .verdictMap(fields, map)
            case .lookupData(let map, _, _):
                switch next() {
                case .dnat: return .dnat(fields, map)
                case .setDestination: return .setDestination(fields, map)
                default: return nil
                }
            case .updateElement(let map, _, _, let timeout):
                return update(map, fields, Int(timeout / 1000))
            default:
                guard let field = field(loadedBy: expression) else { return nil }
                fields.append(field)
            }
        }
        return nil
    }

    /// The data of an update is an address and a port of the protocol that the rule has matched before.
    private func update(_ map: SetName, _ fields: [Field], _ timeout: Int) -> Statement? {
        let matched = expressions.lazy.compactMap { expression in
            if case .compare(.equal, _, let bytes) = expression, bytes.count == 1 { bytes[0] } else { nil }
        }.first.flatMap(TransportProtocol.init(rawValue:))
        guard let key = fields.first, fields.count == 3, let matched else { return nil }
        return .update(map, key: [key], timeout: timeout, data: [fields[1], .portOf(matched)])
    }

    private func field(loadedBy expression: KernelExpression) -> Field? {
        switch expression {
        case .payload(.network, let offset, _, _):
            switch offset {
            case family.sourceOffset: .sourceAddress
            case family.destinationOffset: .destinationAddress
            default: nil
            }
        case .payload(.transport, 2, 2, _): .destinationPort
        case .loadMeta(.transportProtocol, _): .transportProtocol
        case .loadConntrack(.originalDestinationAddress, _): .originalDestinationAddress
        case .loadConntrack(.originalDestinationPort, _): .originalDestinationPort
        default: nil
        }
    }
}
