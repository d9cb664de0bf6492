// SPDX-License-Identifier: Apache-2.0

/// What an object is marked with (`metadata.labels`), or what a selector asks for (`spec.selector`): values by their keys.
///
/// Objects have few of them, and a cluster has many objects: they stand in an array, in the order of their keys, which
/// takes less memory than a dictionary and is searched sooner.
package struct Labels: Sendable, Hashable {
    private struct Label: Sendable, Hashable {
        let key: String
        var value: String
    }

    private var labels: [Label] = []

    package init() {}

    package init(_ values: [String: String]) {
        labels = values.map { Label(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    /// The value of a label; nil for none.
    package subscript(_ key: String) -> String? {
        get { labels.indices.first { labels[$0].key == key }.map { labels[$0].value } }
        set {
            let place = labels.indices.first { labels[$0].key >= key } ?? labels.count
            let isKnown = place < labels.count && labels[place].key == key
            switch newValue {
            case let value? where isKnown: labels[place].value = value
            case let value?: labels.insert(Label(key: key, value: value), at: place)
            case nil: if isKnown { labels.remove(at: place) }
            }
        }
    }

    /// Whether an object with these labels is what a selector asks for.
    package func match(_ selector: Labels) -> Bool {
        selector.labels.allSatisfy { self[$0.key] == $0.value }
    }
}

extension Labels: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { labels.count }

    package subscript(_ place: Int) -> (key: String, value: String) { (labels[place].key, labels[place].value) }
}

extension Labels: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { self[key] = value }
    }
}

extension Labels: CustomStringConvertible {
    /// `app=web,tier=front`, as kubectl writes selectors.
    package var description: String { map { "\($0.key)=\($0.value)" }.joined(separator: ",") }
}
