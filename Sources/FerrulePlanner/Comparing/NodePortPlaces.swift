// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Where node ports of a family are served, before and after, as text; nil for every address of the node.
package struct NodePortPlaces: Sendable {
    /// nil for all nodes.
    let node: String?
    let family: IPFamily
    let before: [String]?
    let after: [String]?

    package init(node: String?, family: IPFamily, before: [String]?, after: [String]?) {
        (self.node, self.family, self.before, self.after) = (node, family, before, after)
    }

    var opensSome: Bool { NodePortPlaces.isMore(after, than: before) }
    var closesSome: Bool { NodePortPlaces.isMore(before, than: after) }

    private static func isMore(_ some: [String]?, than others: [String]?) -> Bool {
        guard let others else { return false }
        let ranges = others.compactMap(Prefix.init(addresses:))
        return some.map { texts in
            texts.contains { text in
                Prefix(addresses: text).map { range in !ranges.contains { $0.contains(range) } } ?? !others.contains(
                    text)
            }
        } ?? true
    }
}

extension Prefix {
    /// Reads an address or a range.
    fileprivate init?(addresses text: String) {
        guard let range = IPAddress(text).map(Prefix.init) ?? Prefix(text) else { return nil }
        self = range
    }
}
