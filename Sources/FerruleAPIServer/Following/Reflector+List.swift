// SPDX-License-Identifier: Apache-2.0

internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore

extension Reflector {
    /// Lists the resource.
    ///
    /// The first list may be of any age (`resourceVersion=0`), so that the server answers from its cache. Later ones must not be
    /// older than what was seen, since another server of the cluster may be behind. Where a server does not have that version
    /// any more, or not yet, the newest is asked for, in pages, since it may come from the server's store.
    func list(_ progress: Progress) async -> (Progress, StepEnd) {
        let guarded = await SilenceLimit.guarding(times.listSilence) { silence in
            var progress = progress
            progress.listsPlainly = false
            let number = client.connectionNumber
            do throws(RequestError) {
                let list = try await pages(progress, silence)
                await replace(list.objects, list.unreadable, &progress)
                (progress.version, progress.lastVersion) = (list.resourceVersion, list.resourceVersion)
                return Step(progress, .listed, number)
            } catch .refused(let status) where status.code == 404 && resource.isOptional {
                await replace([], [], &progress)
                return Step(progress, .absent, number)
            } catch {
                return Step(progress, .failed(error), number)
            }
        }
        return finish(guarded, progress)
    }

    /// All objects of the resource.
    private func pages(_ progress: Progress, _ silence: SilenceLimit) async throws(RequestError) -> ObjectList {
        let version = progress.lastVersion ?? "0"
        do throws(RequestError) {
            return try await page([("resourceVersion", version)], silence)
        } catch .refused(let status) where status.isExpired || status.isTooLargeVersion {
            var whole = ObjectList()
            var continueToken = ""
            repeat {
                var query = [(name: "limit", value: String(times.pageSize))]
                if !continueToken.isEmpty { query.append(("continue", continueToken)) }
                // A token that is too old throws: all begins anew after a while.
                let page = try await page(query, silence)
                whole.resourceVersion = page.resourceVersion
                whole.objects += page.objects
                whole.unreadable += page.unreadable
                continueToken = page.continueToken
            } while !continueToken.isEmpty
            return whole
        }
    }

    /// Throws what an expired version does where the server has not reached a version yet that was seen: it was restored from a
    /// backup, and would let a watch from there on wait in silence, or begin it in the middle.
    ///
    /// Resource versions are numbers that can be compared (since Kubernetes 1.35 that is promised); where they are not, nothing
    /// is known.
    func checkHistory(reaches version: String, _ silence: SilenceLimit) async throws(RequestError) {
        // Without a version the newest is meant, whichever server answers.
        let newest = try await page([("limit", "1")], silence).resourceVersion
        guard let newest = UInt64(newest), let version = UInt64(version), newest < version else { return }
        throw .refused(.lostHistory)
    }

    private func page(_ query: [(name: String, value: String)], _ silence: SilenceLimit) async throws(RequestError)
        -> ObjectList
    {
        do {
            return try await client.ask(resource.path, resource.selectors(node: node) + query, silence) { answer in
                silence.touch()
                var body = Data()
                for try await part in answer.body {
                    silence.touch()
                    body.append(contentsOf: part.readableBytesView)
                }
                return try ObjectList(body, answer.type, of: resource)
            }
        } catch {
            throw explained(RequestError(error), verb: "list")
        }
    }
}

extension Reflector {
    /// The end of a step that may have been cut for its silence; then connections are made anew.
    func finish(_ guarded: (result: Step, silentFor: Duration?)?, _ progress: Progress) -> (Progress, StepEnd) {
        guard let (step, silentFor) = guarded else { return (progress, .ended) }
        guard let silentFor else { return (step.progress, step.end) }
        client.renewConnections(step.connectionNumber)
        return (step.progress, .failed(.silent(silentFor)))
    }

    /// A refusal with what is not allowed.
    func explained(_ error: RequestError, verb: String) -> RequestError {
        guard case .refused(var status) = error, status.code == 403 else { return error }
        status.message = "\(verb) of \(resource.rawValue) is not allowed (\(status.message))"
        return .refused(status)
    }
}

extension ServerStatus {
    /// What a server would say that knew that its history is another one.
    fileprivate static var lostHistory: Self {
        var status = Self()
        (status.code, status.reason) = (410, "Expired")
        return status
    }

    /// A list was to be at least as new as a version that the server has not reached: it was restored from a backup, or is
    /// behind. It says so with 504 and these words (`NewTooLargeResourceVersionError` in `k8s.io/apiserver/pkg/storage`).
    var isTooLargeVersion: Bool { code == 504 && message.contains("Too large resource version") }
}
