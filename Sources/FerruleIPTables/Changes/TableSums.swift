// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Tells whether the tables of both families hold what one apply has left there, or some that of another: for each table a hash of
/// which chains it has with which digests. Every record has them, so they also tell which tables belong to it.
package struct TableSums: Sendable, Equatable {
    /// In the order of ``places``; empty where there is no chain.
    private let sums: [String]

    /// As they are committed.
    private static let places = IPFamily.allCases.flatMap { family in
        IPTablesTable.Name.allCases.map { (family: family, name: $0) }
    }

    package init(_ sum: (IPFamily, IPTablesTable.Name) -> String) { sums = Self.places.map { sum($0.family, $0.name) } }

    /// What stands.
    package init(of families: [StandingIPTables]) {
        self.init { family, name in families.first { $0.family == family }?[name].sum ?? "" }
    }

    /// Reads ``text``.
    package init?(text: String) {
        sums = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard sums.count == Self.places.count else { return nil }
    }

    /// `sum,sum,,`: filter and nat of IPv4, then of IPv6.
    package var text: String { sums.joined(separator: ",") }

    /// That of a table; empty where it is to have no chain.
    package subscript(family: IPFamily, name: IPTablesTable.Name) -> String {
        zip(Self.places, sums).first { $0.0 == (family, name) }?.1 ?? ""
    }

    /// - Parameter digests: of each chain.
    static func sum(_ digests: [(IPTablesChainName, String)]) -> String {
        guard !digests.isEmpty else { return "" }
        return ChainDigest.hash(digests.map { "\($0.0) \($0.1)" }.sorted().joined(separator: "\n"))
    }
}
