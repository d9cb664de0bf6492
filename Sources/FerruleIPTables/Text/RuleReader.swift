// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// Reads rules as some version of iptables-save writes them, as far as they are of the kinds that Ferrule makes.
///
/// Versions differ in what they write of a rule beside what was said (the name of a module whose match shows it, masks of all
/// bits), so what is not written as Ferrule writes it is read.
struct RuleReader {
    private var words: [String]
    private var matches: [IPTablesMatch] = []
    private var transport: TransportProtocol?
    private var comment: String?

    /// What follows `-A CHAIN `; nil for a rule that Ferrule does not make.
    static func read(_ text: Substring, _ family: IPFamily) -> (rule: IPTablesRule, comment: String?)? {
        guard let words = split(text) else { return nil }
        var reader = RuleReader(words: words[...].reversed())
        guard let target = reader.readTarget(family) else { return nil }
        return (IPTablesRule(reader.matches, target), reader.comment)
    }

    private init(words: [String]) { self.words = words }

    /// The words; text in double quotes is one, in which a backslash stands before quotes and backslashes.
    static func split(_ text: Substring) -> [String]? {
        var words: [String] = []
        var word: [UInt8] = []
        var (isQuoted, isEscaped, isStarted) = (false, false, false)
        for byte in text.utf8 {
            switch byte {
            case _ where isEscaped:
                word.append(byte)
                isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): (isQuoted, isStarted) = (!isQuoted, true)
            case UInt8(ascii: " ") where !isQuoted:
                if isStarted { words.append(String(decoding: word, as: UTF8.self)) }
                (word, isStarted) = ([], false)
            default:
                word.append(byte)
                isStarted = true
            }
        }
        if isStarted { words.append(String(decoding: word, as: UTF8.self)) }
        return isQuoted ? nil : words
    }

    private mutating func next() -> String? { words.popLast() }

    /// Reads all; nil where something is not of a kind that is known, or has no target.
    private mutating func readTarget(_ family: IPFamily) -> IPTablesTarget? {
        while let word = next() {
            let isNegated = word == "!"
            guard let option = isNegated ? next() : word else { return nil }
            switch option {
            case "-j" where !isNegated:
                let target = jumpTarget(family)
                return words.isEmpty ? target : nil
            case "-g" where !isNegated:
                let target = next().flatMap { IPTablesChainName(saved: $0) }.map(IPTablesTarget.goto)
                return words.isEmpty ? target : nil
            case "-m":
                // Its options follow.
                guard let module = next(), Self.modules.contains(module) else { return nil }
                if module == "recent" {
                    guard let match = recent(family) else { return nil }
                    matches.append(match)
                }
            default:
                guard let value = next(), readOption(option, value, isNegated, family) else { return nil }
            }
        }
        return nil
    }

    private static let modules: Set = [
        "tcp", "udp", "sctp", "comment", "addrtype", "conntrack", "mark", "statistic", "recent",
    ]

    /// Whether the option is one that rules of Ferrule have, with such a value.
    private mutating func readOption(
        _ option: String, _ value: String, _ isNegated: Bool, _ family: IPFamily
    ) -> Bool {
        func prefix() -> Prefix? { Prefix(value) ?? IPAddress(value).map { Prefix($0) } }
        var match: IPTablesMatch?
        switch option {
        case "-s": match = prefix().map { .source($0, negated: isNegated) }
        case "-d": match = prefix().map { .destination($0, negated: isNegated) }
        case "-i":
            match = .inputInterface(
                value.hasSuffix("+") ? String(value.dropLast()) : value, isPrefix: value.hasSuffix("+"),
                negated: isNegated)
        case _ where isNegated && option != "--mark": return false
        case "-p":
            transport = TransportProtocol.allCases.first { $0.name == value || "\($0.rawValue)" == value }
            match = transport.map { .transport($0) }
        case "--dport":
            let bounds = value.split(separator: ":").compactMap { UInt16($0) }
            if let transport, let first = bounds.first, let last = bounds.last, first <= last {
                match = .destinationPorts(transport, first...last)
            }
        case "--comment":
            comment = value
            return true
        case "--src-type": match = value == "LOCAL" ? .sourceIsLocal : nil
        case "--dst-type": match = value == "LOCAL" ? .destinationIsLocal : nil
        case "--ctstate": match = value == "NEW" ? .isNew : value == "DNAT" ? .isDNAT : nil
        case "--mark": match = Self.mark(value).map { .mark($0, negated: isNegated) }
        case "--mode": return value == "random"
        case "--probability": match = Double(value).flatMap(Self.share).map { .random($0) }
        default: return false
        }
        guard let match else { return false }
        matches.append(match)
        return true
    }

    private static func share(_ probability: Double) -> UInt32? {
        guard (0..<1).contains(probability) else { return nil }
        return UInt32((probability * 2_147_483_648).rounded())
    }

    /// `0x4000/0x4000`
    private static func mark(_ text: String) -> Mark? {
        let numbers = text.split(separator: "/").compactMap {
            $0.hasPrefix("0x") ? UInt32($0.dropFirst(2), radix: 16) : nil
        }
        guard numbers.count == 2, numbers[0] == numbers[1] else { return nil }
        return Mark(numbers[0])
    }

    /// The options of a `recent` match, whose mask is that of one address: versions that know no masks say none.
    private mutating func recent(_ family: IPFamily) -> IPTablesMatch? {
        var (kind, seconds, list, isReaped) = (String?.none, Int?.none, String?.none, false)
        while let option = words.last, option.hasPrefix("--") {
            words.removeLast()
            switch option {
            case "--set", "--rcheck", "--update": kind = option
            case "--seconds": seconds = next().flatMap { Int($0) }
            case "--name": list = next()
            case "--mask": guard next() == family.maskOfOneAddress else { return nil }
            case "--reap": isReaped = true
            case "--rsource": break
            default: return nil
            }
        }
        guard let list else { return nil }
        switch (kind, seconds, isReaped) {
        case ("--set", nil, false): return .recent(.set, list: list)
        case ("--rcheck", let seconds?, true): return .recent(.check(seconds: seconds), list: list)
        case ("--update", let seconds?, true): return .recent(.update(seconds: seconds), list: list)
        default: return nil
        }
    }

    /// What stands behind `-j`.
    private mutating func jumpTarget(_ family: IPFamily) -> IPTablesTarget? {
        guard let name = next() else { return nil }
        switch name {
        case "ACCEPT": return .accept
        case "DROP": return .drop
        case "RETURN": return .return
        case "MASQUERADE": return next() == "--random-fully" ? .masquerade : nil
        case "REJECT":
            guard next() == "--reject-with", let kind = next() else { return nil }
            return kind == "tcp-reset"
                ? .reject(withTCPReset: true) : kind == family.portUnreachable ? .reject(withTCPReset: false) : nil
        case "DNAT":
            guard next() == "--to-destination", let text = next() else { return nil }
            return Endpoint(text).map { .dnat(to: $0) }
        case "MARK":
            guard next() == "--set-xmark", let text = next() else { return nil }
            if let mark = Self.mark(text) { return .setMark(mark) }
            guard text.hasPrefix("0x0/0x"), let value = UInt32(text.dropFirst(6), radix: 16) else { return nil }
            return Mark(value).map { .clearMark($0) }
        default: return IPTablesChainName(saved: name).map { .jump($0) }
        }
    }
}

extension Mark {
    /// The mark of one bit; nil for another number.
    fileprivate init?(_ value: UInt32) {
        guard value.nonzeroBitCount == 1 else { return nil }
        self.init(bit: value.trailingZeroBitCount)
    }
}
