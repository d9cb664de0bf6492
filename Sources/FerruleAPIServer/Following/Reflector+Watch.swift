// SPDX-License-Identifier: Apache-2.0

internal import AsyncHTTPClient
internal import FerruleCluster
internal import FerruleKubernetes
internal import FoundationEssentials
internal import NIOCore

extension Reflector {
    /// Watches the resource from the version that is known; where none is, from a streaming list on.
    func watch(_ progress: Progress) async -> (Progress, StepEnd) {
        let limit = progress.isWatching ? times.watchSilence : times.streamingSilence
        let guarded = await SilenceLimit.guarding(limit) { silence in
            var stream = Stream(reflector: self, progress: progress)
            let number = client.connectionNumber
            do throws(RequestError) {
                try await stream.follow(silence)
                return Step(stream.progress, .ended, number)
            } catch {
                return Step(stream.progress, .failed(error), number)
            }
        }
        let (next, end) = finish(guarded, progress)
        return next.isWatching ? judgeWatch(next, end) : judgeList(next, end)
    }

    /// What follows from the end of a stream that did not come to the end of its list.
    private func judgeList(_ progress: Progress, _ end: StepEnd) -> (Progress, StepEnd) {
        var progress = progress
        guard case .failed(let error) = end else { return (progress, end) }
        switch error {
        case .refused(let status) where status.mayConcernStreaming:
            progress.listsPlainly = true
            if status.showsNoStreamingLists { progress.streamsLists = false }
            return (progress, .listed)
        case .silent:
            progress.listsPlainly = true
            return (progress, .listed)
        // The server has sent something else than a list.
        case .unreadable where !progress.streamsLists: return (progress, .listed)
        case .unreadable, .foreign:
            progress.listsPlainly = true
            return (progress, end)
        case .refused(let status) where status.isExpired: return (progress, .expired)
        default: return (progress, end)
        }
    }

    /// What follows from the end of a watch that began where a list had ended.
    private func judgeWatch(_ progress: Progress, _ end: StepEnd) -> (Progress, StepEnd) {
        var progress = progress
        guard case .failed(let error) = end else { return (progress, end) }
        switch error {
        case .refused(let status) where status.isExpired:
            progress.version = nil
            return (progress, .expired)
        case .refused(let status) where status.mayConcernVersion(isInStream: progress.streamStart != nil):
            progress.version = nil
        case .silent where !progress.hasAdvanced, .unreadable, .foreign:
            // Nothing came from the start: the version may be from the future of a server that was restored from a backup, and
            // was not away so long that anybody noticed.
            progress.version = nil
        default: break
        }
        return (progress, end)
    }
}

extension ServerStatus {
    /// Whether a server may refuse a streaming list for what it is, so that a list is worth a try at once. A resource that is not
    /// there is for the list to tell.
    fileprivate var mayConcernStreaming: Bool { [400, 404, 422, 500].contains(code) }

    /// Whether a server says that it has no streaming lists: it does not know the parameters, or is told to refuse them (400, 422;
    /// `validateWatchOptions` in `apimachinery/pkg/apis/meta/internalversion/validation`), or its store is too old (500, with the
    /// name of what that lacks; `Cacher.Watch` in `apiserver/pkg/storage/cacher`).
    fileprivate var showsNoStreamingLists: Bool {
        [400, 422].contains(code) || code == 500 && message.contains("RequestWatchProgress")
    }

    /// Whether a watch may be refused for the version that it was to begin at, so that it would be again for ever.
    ///
    /// - Parameter isInStream: whether the server says so in a stream, where it tells of whatever befalls its store, as of an object
    ///   that it cannot decrypt; the codes of requests, but for 429, have no meaning there.
    fileprivate func mayConcernVersion(isInStream: Bool) -> Bool {
        code != 429 && (isInStream || ![401, 403].contains(code) && code < 500)
    }
}

/// One watch, from its request to its end.
private struct Stream: Sendable {
    let reflector: Reflector
    var progress: Progress
    /// The objects of a streaming list whose end has not come yet; nil in a watch.
    private var initial: [ObjectKey: StoredObject]?
    private var unreadable: [UnreadableObject] = []

    init(reflector: Reflector, progress: Progress) {
        (self.reflector, self.progress) = (reflector, progress)
        if progress.version == nil { initial = [:] }
    }

    private var query: [(name: String, value: String)] {
        let seconds = Int.random(in: reflector.times.watchSeconds...2 * reflector.times.watchSeconds)
        let query = [
            (name: "watch", value: "1"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", String(seconds)),
        ]
        if let version = progress.version { return query + [("resourceVersion", version)] }
        return query + [("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan")]
    }

    /// Follows until the server ends the stream.
    mutating func follow(_ silence: SilenceLimit) async throws(RequestError) {
        let resource = reflector.resource
        if progress.mayHaveGoneBack, let version = progress.version {
            try await reflector.checkHistory(reaches: version, silence)
        }
        do {
            let selectors = resource.selectors(node: reflector.node)
            try await reflector.client.ask(resource.path, selectors + query, silence) { answer in
                silence.touch()
                // Until its end has come.
                progress.listsPlainly = initial != nil
                if initial == nil {
                    progress.streamStart = .now
                    await reflector.recover(&progress, by: .answer)
                }
                var decoder = WatchDecoder(answer.type, of: resource)
                for try await part in answer.body {
                    // What a list brings is counted instead.
                    if initial == nil { silence.touch() }
                    decoder.append(part.readableBytesView)
                    try await take(&decoder, silence)
                }
                guard !decoder.isWithinEvent else {
                    throw RequestError.unreachable("it ended the stream within an event")
                }
            }
        } catch {
            throw reflector.explained(RequestError(error), verb: "watch")
        }
    }

    /// Takes all events that are there, and delivers them together.
    private mutating func take(_ decoder: inout WatchDecoder, _ silence: SilenceLimit) async throws {
        var batch = ChangeBatch()
        var failure: (any Error)?
        do {
            while let event = try decoder.next() {
                if case .unknown(let type) = event {
                    await reflector.deliver(.unknown(reflector.resource, type))
                } else if initial != nil {
                    if try takeInitial(event, silence) { continue }
                    let objects = initial.take() ?? [:]
                    await reflector.replace(Array(objects.values), unreadable, &progress)
                    unreadable = []
                    silence.change(to: reflector.times.watchSilence)
                    progress.streamStart = .now
                } else {
                    try take(event, &batch)
                }
            }
        } catch {
            failure = error
        }
        if initial == nil, !unreadable.isEmpty {
            await reflector.deliver(.unreadable(unreadable))
            unreadable = []
        }
        if !batch.isEmpty { await reflector.deliver(.changes(batch)) }
        if let failure { throw failure }
        if progress.hasAdvanced, progress.hasStood(reflector.times.longestDelay) {
            await reflector.recover(&progress, by: .event)
        }
    }

    /// Takes an event of a streaming list; returns whether more of it is to come.
    ///
    /// Servers of Kubernetes 1.36 send nothing but ADDED before the bookmark that ends it (`Cacher.Watch` waits until the cache is as
    /// new as what was asked for, and sends all of it). So what else there is comes of a watch: the server has passed over a
    /// parameter that it does not know.
    private mutating func takeInitial(_ event: WatchEvent, _ silence: SilenceLimit) throws -> Bool {
        switch event {
        case .added(let object):
            initial?[object.key] = object
            if initial?.count.isMultiple(of: 100) == true { silence.touch() }
        case .unreadable(let object): unreadable.append(object)
        case .failed(let status): throw RequestError.refused(status)
        case .bookmark(let version, true) where !version.isEmpty:
            (progress.version, progress.lastVersion, progress.listsPlainly) = (version, version, false)
            return false
        case .unknown: break
        case .modified, .deleted, .bookmark:
            progress.streamsLists = false
            throw RequestError.unreadable("it sends a watch in place of a list")
        }
        return true
    }

    private mutating func take(_ event: WatchEvent, _ batch: inout ChangeBatch) throws {
        switch event {
        case .added(let object), .modified(let object):
            progress.known.insert(object.key)
            progress.advance(to: object.resourceVersion)
            batch.changes.append(.put(object.object))
            if let text = object.changeTriggerTime, let time = Date(serverTime: text),
                case .endpointSlice(let slice) = object.object, let service = slice.serviceKey
            {
                batch.triggers.append(.init(service: service, time: time))
            }
        case .deleted(let key, let version):
            progress.known.remove(key)
            progress.advance(to: version)
            batch.changes.append(.delete(reflector.resource.storeKind, key))
        case .bookmark(let version, _): progress.advance(to: version)
        case .failed(let status): throw RequestError.refused(status)
        case .unreadable(let object): unreadable.append(object)
        case .unknown: break
        }
    }
}
