// SPDX-License-Identifier: Apache-2.0

/// The places of each service's EndpointSlices in their table. Nearly every service has one, so that is kept without an array.
struct SliceIndex: Sendable {
    private enum Places: Sendable {
        case one(Int32)
        case several([Int32])
    }

    private var places: [ObjectKey: Places] = [:]

    mutating func reserveCapacity(_ count: Int) { places.reserveCapacity(count) }

    /// In no order of meaning.
    func places(of service: ObjectKey) -> [Int] {
        switch places[service] {
        case nil: []
        case .one(let place): [Int(place)]
        case .several(let places): places.map(Int.init)
        }
    }

    func hasSlices(_ service: ObjectKey) -> Bool { places[service] != nil }

    mutating func insert(_ place: Int, of service: ObjectKey) {
        switch places[service] {
        case nil: places[service] = .one(Int32(place))
        case .one(let other): places[service] = .several([other, Int32(place)])
        case .several(var others):
            places[service] = nil
            others.append(Int32(place))
            places[service] = .several(others)
        }
    }

    mutating func remove(_ place: Int, of service: ObjectKey) {
        let rest = places(of: service).filter { $0 != place }
        places[service] =
            switch rest.count {
            case 0: nil
            case 1: .one(Int32(rest[0]))
            default: .several(rest.map(Int32.init))
            }
    }

    /// The slice that stood in one place stands in another now.
    mutating func move(_ old: Int, to new: Int, of service: ObjectKey) {
        remove(old, of: service)
        insert(new, of: service)
    }
}
