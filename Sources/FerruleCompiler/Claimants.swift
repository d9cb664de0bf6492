// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleResolution

/// Who claims one key, the winner first. Nearly always there is one, which is kept without an array.
enum Claimants: Sendable {
    case one(ServiceEntry)
    case several([ServiceEntry])

    /// Nobody, as long as it takes to insert the first.
    static let nobody = Claimants.several([])

    var winner: ServiceEntry {
        switch self {
        case .one(let entry): entry
        case .several(let entries): entries[0]
        }
    }

    mutating func insert(_ entry: ServiceEntry) {
        var entries = all
        guard !entries.isEmpty else {
            self = .one(entry)
            return
        }
        let place = entries.firstIndex { entry.precedes($0) } ?? entries.count
        entries.insert(entry, at: place)
        self = .several(entries)
    }

    /// Puts a claim in the place of one of the same service, port and rank, whose order it has.
    mutating func exchange(_ entry: ServiceEntry) {
        switch self {
        case .one: self = .one(entry)
        case .several(var entries):
            self = .several([])
            for index in entries.indices where entries[index].isPredecessor(of: entry) { entries[index] = entry }
            self = .several(entries)
        }
    }

    /// Without the claims of a service; nil where nobody else claims the key.
    func removing(_ service: ObjectKey) -> Claimants? {
        let rest = all.filter { $0.contribution.service.key != service }
        return switch rest.count {
        case 0: nil
        case 1: .one(rest[0])
        default: .several(rest)
        }
    }

    var all: [ServiceEntry] {
        switch self {
        case .one(let entry): [entry]
        case .several(let entries): entries
        }
    }
}
