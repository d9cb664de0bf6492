// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
package import FerruleKubernetes
internal import FerruleManifests
package import FerruleResolution
internal import FoundationEssentials
package import Logging

/// Follows files and folders of definitions: what becomes different in them are changes of the cluster.
///
/// An input that cannot be used as a whole, because a file does not parse or because it would empty the node, changes nothing:
/// what was read before holds until it is right again.
package struct FileSource {
    package struct Options: Sendable {
        package var paths: [String]
        package var namespace: String?
        package var excluded: [String] = []
        package var validation = ValidationOptions()
        /// With ``ResolutionOptions/refusesGaps``, an input that would empty the node is refused.
        package var resolution = ResolutionOptions()
        /// As the agent has it.
        package var remembered = AllocationLock()
        package var isStrict = false

        package init(_ paths: [String]) { self.paths = paths }
    }

    private let options: Options
    private let log: Logger
    /// What is known of the cluster, by what names each object.
    private var known: [Name: ClusterObject] = [:]
    /// Whether the input could not be used when it was last read.
    private var isRefused = false

    private struct Name: Hashable {
        let kind: ClusterObject.Kind
        let key: ObjectKey
    }

    package init(_ options: Options, _ log: Logger) { (self.options, self.log) = (options, log) }

    /// Reads everything, and puts what is different into a mailbox, now and whenever something changes; does not return.
    package mutating func follow(_ mailbox: Mailbox) {
        while true { readAndWait(mailbox) }
    }

    /// Reads once, and returns when something has changed since.
    ///
    /// Not inlined: the optimizer of Swift 6.3.1 does not come to an end with the endless loop as a whole.
    @inline(never)
    private mutating func readAndWait(_ mailbox: Mailbox) {
        // Watched first: what changes while it is read is seen by the next round.
        let watch = FileWatch(options.paths)
        if let changes = read() {
            mailbox.put(changes)
            mailbox.complete()
        }
        watch.wait()
    }

    /// The changes since the last time; nil where the input cannot be used.
    mutating func read() -> [ClusterChange]? {
        var reader = ManifestReader { Data() }
        reader.namespace = options.namespace ?? reader.namespace
        reader.excluded = options.excluded.map { FilePattern($0) }
        let manifests: Manifests
        do throws(ManifestError) {
            manifests = try reader.read(options.paths)
        } catch {
            guard case .unreadable(let diagnostics) = error else { return nil }
            return refuse(diagnostics)
        }
        let found =
            manifests.diagnostics(isStrict: options.isStrict)
            + ClusterValidator.validate(manifests.objects, options: options.validation)
        let objects = manifests.objects
        let gaps = ClusterResolver.resolve(
            objects, options: options.resolution, remembered: options.remembered
        ).diagnostics
        let printer = DiagnosticPrinter(locate: manifests.sources.locate)
        guard !(found + gaps).contains(where: { $0.severity == .error }) else { return refuse(found + gaps, printer) }
        // Those of the resolver are said by whoever resolves.
        say(found, printer, .warning)
        if isRefused { log.info("the input can be used again") }
        isRefused = false
        return changes(to: objects)
    }

    private mutating func refuse(
        _ diagnostics: [Diagnostic], _ printer: DiagnosticPrinter = DiagnosticPrinter()
    ) -> [ClusterChange]? {
        say(diagnostics.filter { $0.severity == .error }, printer, .error)
        log.error("the input cannot be used: \(known.isEmpty ? "waiting for one that can" : "what stands, stays")")
        isRefused = true
        return nil
    }

    private func say(_ diagnostics: [Diagnostic], _ printer: DiagnosticPrinter, _ level: Logger.Level) {
        for line in DiagnosticSelection(diagnostics).lines(printer.line(of:)) { log.log(level: level, "\(line)") }
    }

    private mutating func changes(to objects: ClusterObjects) -> [ClusterChange] {
        var (changes, next): ([ClusterChange], [Name: ClusterObject]) = ([], [:])
        for case .put(let object) in objects.changes {
            let name = Name(kind: object.kind, key: ObjectKey(object.meta))
            if known[name] != object { changes.append(.put(object)) }
            next[name] = object
        }
        for name in known.keys where next[name] == nil { changes.append(.delete(name.kind, name.key)) }
        known = next
        return changes
    }
}
