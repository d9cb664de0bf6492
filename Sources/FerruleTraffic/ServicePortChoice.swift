// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleNetwork

/// A port of a service that may be meant.
package struct ServicePortChoice: Hashable, Sendable {
    private let name: String
    let number: Port
    let transport: TransportProtocol

    /// - Parameter name: empty where it has none.
    package init(name: String, number: Port, transport: TransportProtocol) {
        (self.name, self.number, self.transport) = (name, number, transport)
    }

    private var text: String { (name.isEmpty ? "" : "\(name) ") + "\(number)/\(transport.name)" }

    /// Whether a word is its name or number, with or without the protocol behind it.
    private func isMeant(by word: String) -> Bool {
        let suffix = "/\(transport.name)"
        let plain = word.lowercased().hasSuffix(suffix) ? word.dropLast(suffix.count) : word[...]
        return plain == name || plain == number.description
    }

    /// The word that means it and no other: its name, else its number, with the protocol where that is needed; nil where it has no
    /// name and is the only one, or where no word tells them apart.
    package func word(among all: Set<ServicePortChoice>) -> String? {
        if name.isEmpty, all.count == 1 { return nil }
        let words = (name.isEmpty ? [] : [name]) + ["\(number)", "\(number)/\(transport.name)"]
        return words.first { word in all.count { $0.isMeant(by: word) } == 1 }
    }

    /// The one that a word means; the only one where none is named.
    static func choose(
        _ wanted: String?, among all: [ServicePortChoice], of key: ObjectKey
    ) throws(TrafficError) -> ServicePortChoice {
        var seen: Set<ServicePortChoice> = []
        let all = all.filter { seen.insert($0).inserted }
        let fitting = all.filter { choice in wanted.map(choice.isMeant) ?? true }
        if let only = fitting.first, fitting.count == 1 { return only }
        let list = all.map(\.text).joined(separator: ", ")
        guard let wanted else {
            throw .wording("service \(key) has \(all.count) ports: \(list); say which, as in 'service \(key):PORT'")
        }
        if let first = fitting.first {
            throw .wording(
                "service \(key) has several ports \(wanted): \(fitting.map(\.text).joined(separator: ", ")); "
                    + "pass the name of one, or its protocol too, as in \(first.number)/\(first.transport.name)")
        }
        throw .unknown("service \(key) has no port \(wanted)", hint: all.isEmpty ? nil : "it has \(list)")
    }
}
