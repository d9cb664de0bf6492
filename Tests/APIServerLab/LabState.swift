// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import Foundation
import NIOCore

/// What a server holds.
struct LabState: Sendable {
    var conduct = LabConduct()
    var faults: [LabFaultRule] = []
    var requests: [LabRequest] = []
    /// The bodies of events that were made.
    var events: [String] = []
    var compressedAnswers = 0
    var version = 100
    /// Events up to here are forgotten.
    var oldestVersion = 0
    private var objects: [LabResource: [ObjectKey: LabObject]] = [:]
    private var history: [LabEvent] = []
    var watches: [ObjectIdentifier: LabWatch] = [:]
    var connections: [ObjectIdentifier: any Channel] = [:]
    /// The state of lists that are read in pages, by their tokens.
    private var pages: [String: [LabObject]] = [:]

    mutating func takeConnections() -> [any Channel] {
        defer { (connections, watches) = ([:], [:]) }
        return Array(connections.values)
    }

    mutating func put(_ object: ClusterObject, _ annotations: [String: String]) throws {
        guard let resource = LabResource(object.kind) else { throw LabServerError.notServed }
        version += 1
        let stored = try LabObject(object, version: version, annotations: annotations)
        let old = objects[resource, default: [:]].updateValue(stored, forKey: ObjectKey(object.meta))
        tell(LabEvent(resource: resource, version: version, old: old, new: stored))
    }

    mutating func load(_ objects: [ClusterObject]) throws {
        for object in objects {
            guard let resource = LabResource(object.kind) else { throw LabServerError.notServed }
            version += 1
            self.objects[resource, default: [:]][ObjectKey(object.meta)] = try LabObject(object, version: version)
        }
    }

    mutating func delete(_ kind: ClusterObject.Kind, _ key: ObjectKey) {
        guard let resource = LabResource(kind), let old = objects[resource]?.removeValue(forKey: key) else { return }
        version += 1
        tell(LabEvent(resource: resource, version: version, old: old, new: nil))
    }

    private mutating func tell(_ event: LabEvent) {
        history.append(event)
        for watch in watches.values where watch.request.resource == event.resource {
            if event.version > watch.version ?? 0 { watch.send(event) }
        }
    }

    func bookmark() { for watch in watches.values { watch.bookmark(version, endsInitialEvents: false) } }

    func send(_ bytes: [UInt8], to resource: LabResource) {
        for watch in watches.values where watch.request.resource == resource { watch.write(bytes) }
    }

    mutating func endWatches() {
        for watch in watches.values { watch.end() }
        watches = [:]
    }

    mutating func restore(_ version: Int) {
        (self.version, oldestVersion, history) = (version, 0, [])
    }

    // MARK: Answers

    /// A list, or a page of one, as a body.
    mutating func list(_ request: LabRequest, _ resource: LabResource, isProtobuf: Bool) -> Result<[UInt8], LabRefusal>
    {
        var found: [LabObject]
        if let token = request.query["continue"] {
            guard let rest = pages.removeValue(forKey: token) else {
                return .failure(.init(410, "Expired", "The provided continue parameter is too old"))
            }
            found = rest
        } else {
            if let asked = request.query["resourceVersion"].flatMap(Int.init), asked > version {
                return .failure(.init(504, "Timeout", "Too large resource version: \(asked), current: \(version)"))
            }
            found = selected(request, resource)
        }
        var token = ""
        if let limit = request.query["limit"].flatMap(Int.init), found.count > limit {
            token = "page-\(pages.count)-\(version)"
            pages[token] = Array(found.dropFirst(limit))
            found = Array(found.prefix(limit))
        }
        return .success(LabBody.list(resource, found, version, token, isProtobuf))
    }

    private func selected(_ request: LabRequest, _ resource: LabResource) -> [LabObject] {
        (objects[resource] ?? [:]).filter { request.selects($0.value.object) }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Begins a watch: sends what has happened since the version that is asked for, or all objects.
    mutating func begin(_ watch: LabWatch) {
        guard let resource = watch.request.resource else { return }
        if watch.request.isStreamingList {
            let sendsWatch = conduct.ignoresStreamingLists.contains(resource)
            guard conduct.streamsLists || sendsWatch else {
                watch.fail(500, "InternalError", "RequestWatchProgress is disabled")
                return watch.end()
            }
            for object in selected(watch.request, resource) { watch.send("ADDED", object) }
            if !sendsWatch { watch.bookmark(version, endsInitialEvents: true) }
        } else {
            let from = watch.version ?? version
            if from < oldestVersion {
                watch.fail(410, "Expired", "too old resource version: \(from) (\(oldestVersion))")
                return watch.end()
            }
            for event in history where event.resource == resource && event.version > from { watch.send(event) }
        }
        watches[watch.id] = watch
    }
}

/// Why a server refuses.
struct LabRefusal: Error {
    let code: Int
    let reason: String
    let message: String

    init(_ code: Int, _ reason: String, _ message: String) {
        (self.code, self.reason, self.message) = (code, reason, message)
    }
}

/// Something that happened to an object.
struct LabEvent: Sendable {
    let resource: LabResource
    let version: Int
    let old: LabObject?
    let new: LabObject?
}

extension LabWatch {
    /// What is newer is told: a version from the future waits in silence. nil for what comes from now on.
    fileprivate var version: Int? { request.query["resourceVersion"].flatMap(Int.init) }
}
