// SPDX-License-Identifier: Apache-2.0

import FerruleAPIServer
import FerruleTestSupport
import Foundation

/// What a real Kubernetes 1.36 API server answered.
enum Recording {
    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: Project.url("Tests/FerruleAPIServerTests/Recordings/\(name)"))
    }

    static func list(_ name: String, of resource: Resource) throws -> ObjectList {
        try ObjectList(data(name), name.hasSuffix(".pb") ? .protobuf : .json, of: resource)
    }

    /// All events of a recorded watch, which comes in portions of some size.
    static func events(_ name: String, of resource: Resource, portion: Int = 1000) throws -> [WatchEvent] {
        var decoder = WatchDecoder(name.hasSuffix(".pb") ? .protobuf : .json, of: resource)
        var rest = try data(name)
        var events: [WatchEvent] = []
        while !rest.isEmpty {
            decoder.append(rest.prefix(portion))
            rest = Data(rest.dropFirst(portion))
            while let event = try decoder.next() { events.append(event) }
        }
        return events
    }
}
