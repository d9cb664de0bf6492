// SPDX-License-Identifier: Apache-2.0

internal import AsyncHTTPClient
internal import FerruleCluster
internal import FerruleKubernetes
internal import FoundationEssentials
internal import NIOCore

extension Reflector {
    /// Watches the resource from the version that is known; where none is, from a streaming list on.
    func watch(_ progress: Progress) async -> (Progress, StepEnd) {
        let isStreamingList = progress.version == nil
        let limit = isStreamingList ? times.streamingSilence : times.watchSilence
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
        let (next, end) = finish(guarded, progress, limit)
        return judge(next, end, isStreamingList)
    }

    /// What follows from the end of a watch.
    private func judge(_ progress: Progress, _ end: StepEnd, _ isStreamingList: Bool) -> (Progress, StepEnd) {
        var progress = progress
        let isListed = progress.version != nil
        guard case .failed(let error) = end else {
            // The server ends a stream that never came to the end of its list.
            if !isListed { progress.listsPlainly = true }
            return (progress, end)
        }
        switch error {
        case .refused(let status, _) where isStreamingList && !isListed && status.mayConcernStreaming:
            progress.listsPlainly = true
            if status.showsNoStreamingLists { progress.streamsLists = false }
            return (progress, .listed)
        case .silent where isStreamingList && !isListed:
            progress.listsPlainly = true
            return (progress, .listed)
        case .refused(let status, _) where status.isExpired:
            progress.version = nil
            return (progress, .expired)
        case .silent where !progress.hasAdvanced, .unreadable:
            // Nothing came from the start: the version may be from the future of a server that was restored from a backup, and
            // was not away so long that anybody noticed.
            progress.version = nil
            if isStreamingList, !isListed { progress.listsPlainly = true }
            return (progress, .failed(error))
        default: return (progress, .failed(error))
        }
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
            try await reflector.client.ask(resource.path, selectors + query) { answer in
                silence.touch()
                progress.streamStart = .now
                if initial == nil { await reflector.recover(&progress) }
                var decoder = WatchDecoder(answer.type, of: resource)
                for try await part in answer.body {
                    silence.touch()
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
                if case .bookmark(let version, true) = event, let objects = initial {
                    initial = nil
                    await reflector.replace(Array(objects.values), unreadable, &progress)
                    unreadable = []
                    silence.change(to: reflector.times.watchSilence)
                    progress.advance(to: version)
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
    }

    private mutating func take(_ event: WatchEvent, _ batch: inout ChangeBatch) throws {
        switch event {
        case .put(let object):
            if initial != nil {
                initial?[object.key] = object
                return
            }
            progress.known.insert(object.key)
            progress.advance(to: object.resourceVersion)
            batch.changes.append(.put(object.object))
            if let text = object.changeTriggerTime, let time = Date(serverTime: text),
                case .endpointSlice(let slice) = object.object, let service = slice.serviceKey
            {
                batch.triggers.append(.init(service: service, time: time))
            }
        case .deleted(let key, let version):
            if initial != nil {
                initial?[key] = nil
                return
            }
            progress.known.remove(key)
            progress.advance(to: version)
            batch.changes.append(.delete(reflector.resource.storeKind, key))
        case .bookmark(let version, _): if initial == nil { progress.advance(to: version) }
        case .failed(let status): throw RequestError.refused(status, retryAfter: nil)
        case .unreadable(let object): unreadable.append(object)
        case .unknown(let type):
            throw RequestError.unreadable("a watch tells of something unknown, \"\(type)\"")
        }
    }
}
