// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FoundationEssentials

/// Follows one resource of an API server: lists it, watches it from there on, and lists it anew where the watch cannot go
/// on; for ever, whatever happens to the server.
struct Reflector: Sendable {
    let client: APIClient
    let resource: Resource
    /// The name of the node that the agent is on.
    let node: String
    let times: FollowTimes
    let deliver: @Sendable (FollowEvent) async -> Void

    /// Follows until it is cancelled.
    func run() async {
        var progress = Progress(streamsLists: times.streamsLists)
        var backoff = Backoff(times)
        while !Task.isCancelled {
            progress.begin()
            let end: StepEnd
            (progress, end) = await step(progress)
            if Task.isCancelled { return }
            let hasStood = progress.hasStood(times.healthyWatch)
            if progress.hasStood(times.longestDelay) { backoff.reset() }
            // One may end early, as where the server goes away in that moment, but not one after the other.
            let wasHealthy = hasStood || progress.streamStart != nil && !progress.wasShort
            if progress.streamStart != nil { progress.wasShort = !hasStood }
            if let wait = await wait(after: end, wasHealthy, &progress, &backoff) {
                try? await Task.sleep(for: wait)
            }
        }
    }

    /// How long to wait before the next step; nil for not at all.
    private func wait(
        after end: StepEnd, _ wasHealthy: Bool, _ progress: inout Progress, _ backoff: inout Backoff
    ) async -> Duration? {
        switch end {
        case .listed: return nil
        case .absent: return times.absentResource
        case .ended where wasHealthy: return nil
        case .failed(.unreachable) where wasHealthy:
            // A stream that worked breaks off: the server is restarted, or is another one by now.
            progress.mayHaveGoneBack = true
            return nil
        case .ended: return backoff.delay()
        case .expired:
            progress.expirations = wasHealthy ? 1 : progress.expirations + 1
            return progress.expirations == 1 ? nil : backoff.delay()
        case .failed(let error):
            (progress.trouble, progress.mayHaveGoneBack) = (progress.missingEvidence, true)
            await deliver(.trouble(resource, error))
            if case .refused(let status) = error { return backoff.delay(atLeast: status.wait) }
            return backoff.delay()
        }
    }

    /// One list or one watch.
    private func step(_ progress: Progress) async -> (Progress, StepEnd) {
        do throws(RequestError) { try await client.prepare() } catch { return (progress, .failed(error)) }
        if progress.isWatching { return await watch(progress) }
        return progress.streamsLists && !progress.listsPlainly ? await watch(progress) : await list(progress)
    }
}

/// How a step of a ``Reflector`` ended.
enum StepEnd: Sendable {
    /// A list is complete, or it turned out that it must be asked for in another way.
    case listed
    /// The server ended a watch.
    case ended
    /// A watch cannot go on from where it was: a list is needed.
    case expired
    /// The server has no such resource.
    case absent
    case failed(RequestError)
}

/// What shows that a resource is followed again: no less than what failed, or each list would be good news, and the watch after
/// it bad news again.
enum Evidence: Int, Comparable {
    /// A list is complete.
    case list
    /// A watch is answered.
    case answer
    /// A watch that has stood for a while tells of something.
    case event

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// What a ``Reflector`` knows.
struct Progress: Sendable {
    /// Lists come as streams, as long as the server has not said that it has none.
    var streamsLists: Bool
    /// Whether the next list is asked for as a whole, since a stream did not come to the end of its own, be it by a bad moment. The
    /// one after that is tried as a stream again.
    var listsPlainly = false
    /// Where a watch goes on from; nil where a list is needed.
    var version: String?
    /// The last version that was seen, even if it is of no use for a watch.
    var lastVersion: String?
    /// The objects that are known.
    var known: Set<ObjectKey> = []
    /// Whether the watch of the step brought something.
    var hasAdvanced = false
    /// When the watch of the step began to be answered, or the streaming list before it came to its end; nil where neither did.
    var streamStart: ContinuousClock.Instant?
    /// Whether the step began with a list.
    private var needsList = true
    /// Whether the last watch ended soon after it had begun.
    var wasShort = false
    /// How many watches in a row could not go on from the version of a list.
    var expirations = 0
    /// What would show that trouble is over; nil where there is none.
    var trouble: Evidence?
    /// Whether the server may have been restored from a backup since it last answered.
    var mayHaveGoneBack = false

    init(streamsLists: Bool) { self.streamsLists = streamsLists }

    var isWatching: Bool { version != nil }

    /// A step begins.
    mutating func begin() { (hasAdvanced, streamStart, needsList) = (false, nil, !isWatching) }

    /// Whether the watch of the step stands, or stood, for so long.
    func hasStood(_ time: Duration) -> Bool { streamStart.map { .now - $0 >= time } == true }

    /// What the step has not come to.
    var missingEvidence: Evidence { streamStart != nil ? .event : needsList ? .list : .answer }

    mutating func advance(to version: String) {
        guard !version.isEmpty else { return }
        (self.version, lastVersion, hasAdvanced) = (version, version, true)
    }

    /// The difference between what was known and a full list. Objects that could not be read count as they were.
    mutating func difference(to objects: [StoredObject], _ unreadable: [UnreadableObject], of resource: Resource)
        -> ChangeBatch
    {
        var batch = ChangeBatch()
        batch.changes.reserveCapacity(objects.count)
        var present = Set<ObjectKey>(minimumCapacity: objects.count)
        for object in objects {
            present.insert(object.key)
            batch.changes.append(.put(object.object))
        }
        let kept = unreadable.compactMap(\.key).filter { known.contains($0) }
        // An object without a name may be any of those that are known.
        let isComplete = unreadable.allSatisfy { $0.key != nil }
        if isComplete {
            let gone = known.subtracting(present).subtracting(kept)
            batch.changes += gone.sorted().map { .delete(resource.storeKind, $0) }
            known = present.union(kept)
        } else {
            known.formUnion(present)
        }
        return batch
    }
}

extension Resource {
    /// The kind of its objects in a ``ClusterStore``.
    var storeKind: ClusterObject.Kind {
        switch self {
        case .services: .service
        case .endpointslices: .endpointSlice
        case .nodes: .node
        case .servicecidrs: .serviceCIDR
        }
    }
}

extension Reflector {
    /// Delivers the difference to a full list.
    func replace(_ objects: [StoredObject], _ unreadable: [UnreadableObject], _ progress: inout Progress) async {
        let batch = progress.difference(to: objects, unreadable, of: resource)
        if !unreadable.isEmpty { await deliver(.unreadable(unreadable)) }
        if !batch.isEmpty { await deliver(.changes(batch)) }
        await deliver(.synced(resource))
        await recover(&progress, by: .list)
    }

    /// Says that the resource is followed again, if it was not, and what has happened shows it.
    func recover(_ progress: inout Progress, by evidence: Evidence) async {
        progress.mayHaveGoneBack = false
        guard let missing = progress.trouble, evidence >= missing else { return }
        progress.trouble = nil
        await deliver(.recovered(resource))
    }
}
