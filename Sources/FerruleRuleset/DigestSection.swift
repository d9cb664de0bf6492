// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// What a table is made of, as far as its digest tells it apart: so one can say where somebody has changed it.
package enum DigestSection: String, Sendable, CaseIterable {
    /// The rules of all chains that packets may come to, and how the sets are declared.
    case rules
    /// The maps that lead from virtual addresses and node ports to chains.
    case services
    /// The maps that lead on to endpoints, and to the parts of large services.
    case endpoints
    /// The sets of addresses and ranges, and the maps in which affinity is looked up.
    case addresses

    /// The section that a set's elements belong to; nil for sets of others.
    init?(_ purpose: SetPurpose) {
        switch purpose {
        case .services, .nodePorts: self = .services
        case .endpoints, .parts: self = .endpoints
        case .clusterIPs, .serviceCIDRs, .podCIDRs, .nodePortAddresses, .hairpin, .sourceRanges, .affinity,
            .affinityRecall, .affinityServices:
            self = .addresses
        case .foreign: return nil
        }
    }
}

/// How much there is in each section of a table, and a number that tells other contents apart.
package struct DigestSections: Sendable, Hashable {
    package struct Content: Sendable, Hashable {
        /// Rules, or elements.
        package let count: Int
        /// The lowest 24 bits of the sum of hashes.
        package let check: UInt32
    }

    /// In the order of ``DigestSection``.
    private let contents: [Content]

    package subscript(_ section: DigestSection) -> Content { contents[section.position] }
}

extension DigestSection {
    fileprivate var position: Int { DigestSection.allCases.firstIndex(of: self) ?? 0 }
}

extension DigestSections {
    /// The sums of hashes of a table, and the numbers of what was hashed.
    struct Sums: Sendable {
        private var sums = Array(repeating: UInt128(0), count: DigestSection.allCases.count)
        private var counts = Array(repeating: 0, count: DigestSection.allCases.count)
        /// Of what somebody else put there, and which is in none.
        private var foreign: UInt128 = 0

        /// Of all.
        var sum: UInt128 { sums.reduce(foreign, &+) }

        /// Adds a hash to a section, or with nil to what is somebody else's.
        mutating func add(_ hash: UInt128, of count: Int = 0, to section: DigestSection?) {
            guard let place = section?.position else { return foreign &+= hash }
            sums[place] &+= hash
            counts[place] += count
        }

        mutating func remove(_ hash: UInt128, of count: Int = 0, from section: DigestSection?) {
            add(0 &- hash, of: -count, to: section)
        }

        fileprivate var contents: [Content] {
            zip(counts, sums).map { Content(count: $0, check: UInt32(truncatingIfNeeded: $1) & 0xff_ffff) }
        }
    }

    init(_ sums: Sums) { contents = sums.contents }
}

extension DigestSections {
    /// `66:3f2a9c,30:00ff12,99:e1a2b3,12:45aa01`, in the order of ``DigestSection``.
    var text: String {
        contents.map { "\($0.count):" + hexadecimal($0.check, digits: 6) }.joined(separator: ",")
    }

    /// Reads ``text``; nil where it is another.
    init?(text: some StringProtocol) {
        contents = text.split(separator: ",").compactMap { section in
            let numbers = section.split(separator: ":")
            guard numbers.count == 2, let count = Int(numbers[0]), let check = UInt32(numbers[1], radix: 16) else {
                return nil
            }
            return Content(count: count, check: check)
        }
        guard contents.count == DigestSection.allCases.count else { return nil }
    }
}
