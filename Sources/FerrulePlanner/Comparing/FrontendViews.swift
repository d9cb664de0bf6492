// SPDX-License-Identifier: Apache-2.0

/// The frontends of services, by `namespace/service`.
struct FrontendViews {
    private(set) var byService: [String: [FrontendView]] = [:]

    mutating func add(_ views: [FrontendView]) {
        for view in views { byService[view.name.service, default: []].append(view) }
    }

    /// Adds what becomes of the traffic of known frontends at a place. A frontend that is not known is somebody else's: of
    /// two services that claim one key only all services together tell which has it.
    mutating func merge(_ views: [FrontendView], at place: NodePlace) {
        for view in views {
            guard let index = byService[view.name.service]?.firstIndex(where: { $0.isAt(view) }) else { continue }
            byService[view.name.service]?[index].merge(view, at: place)
        }
    }
}
