// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Testing

struct ElementKeySortingTests {
    enum Kind: CaseIterable {
        case address, hairpin, port, service, prefix, serviceSource

        func key(_ family: IPFamily, _ random: inout SeededGenerator) throws -> ElementKey {
            // Few values, so that keys are equal or differ in one part only.
            let high = UInt128(random.next() % 3) << (family == .ipv4 ? 24 : 120)
            let address = IPAddress(family, bits: high | UInt128(random.next() % 4))
            let transport = TransportProtocol.allCases[Int(random.next() % 3)]
            let port = try #require(Port([1, 80, 65_535][Int(random.next() % 3)]))
            let prefix = try #require(Prefix(address, length: [8, family.addressBits][Int(random.next() % 2)]))
            return switch self {
            case .address: .address(address)
            case .hairpin: .hairpin(address)
            case .port: .port(transport, port)
            case .service: .service(address, transport, port)
            case .prefix: .prefix(prefix)
            case .serviceSource: .serviceSource(address, transport, port, prefix)
            }
        }
    }

    @Test("positions are those of a stable sort by key", arguments: Kind.allCases, IPFamily.allCases)
    func sortsLikeKeys(kind: Kind, family: IPFamily) throws {
        var random = SeededGenerator(seed: 7)
        let keys = try (0..<300).map { _ in try kind.key(family, &random) }
        let expected = keys.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }
        #expect(keys.ascendingPositions == expected)
    }
}
