// SPDX-License-Identifier: Apache-2.0

internal import FerruleChecks
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
    /// The files in which it was read.
    private var usedFiles: Set<String> = []
    /// Whether the input could not be used when it was last read.
    private var isRefused = false
    /// What was found in the input when it was last read, be it said or not.
    private var saidLines: [String] = []
    private var repetition = Repetition()

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
        watch.wait(until: nextReading)
    }

    /// When to read again though nothing has changed: an input that cannot be used is not forgotten.
    var nextReading: ContinuousClock.Instant? { isRefused ? repetition.nextDue : nil }

    /// The changes since the last time; nil where the input cannot be used.
    mutating func read() -> [ClusterChange]? {
        var reader = ManifestReader { Data() }
        reader.namespace = options.namespace ?? reader.namespace
        reader.excluded = options.excluded.map { FilePattern($0) }
        let (manifests, unreadable) = reader.readWhatCanBe(options.paths)
        guard unreadable.isEmpty else { return refuse(unreadable) }
        let lost = lostFiles(manifests.passedOver)
        guard lost.isEmpty else { return refuse(lost) }
        let found = manifests.problems(options.validation, isStrict: options.isStrict, bindsQuotas: options.isStrict)
            .inLineOrder(of: manifests.sources)
        guard found.total(.error) == 0 else { return refuse(found) }
        // What is missing is told of an input without errors alone.
        let gaps = ClusterResolver.resolve(
            manifests.objects, options: options.resolution, remembered: options.remembered
        ).diagnostics
        guard gaps.total(.error) == 0 else { return refuse(gaps.inLineOrder(of: manifests.sources)) }
        usedFiles = Set(manifests.sources.names)
        let warnings = (found + gaps.filter(\.isWarningOfFile)).inLineOrder(of: manifests.sources)
        say(manifests.passedOver.note.map { [(.info, $0)] } ?? [], warnings)
        if isRefused { log.info("the input can be used again") }
        isRefused = false
        return changes(to: manifests.objects)
    }

    /// The files that were read before and are passed over now: what they held would be taken for gone, which only a file that is
    /// removed says. A full disk leaves an empty one.
    private func lostFiles(_ passedOver: PassedOverFiles) -> [Diagnostic] {
        let template =
            "this file has become a template, of which no object is read; pass what it comes to, or remove it"
        let empty = "this file holds no Kubernetes object any more; put one back, or remove the file"
        return [(passedOver.templates, template), (passedOver.withoutObjects, empty)].flatMap { files, message in
            files.filter(usedFiles.contains).map { Diagnostic(.error, message, origin: Origin(file: $0)) }
        }
    }

    private mutating func refuse(_ diagnostics: [Diagnostic]) -> [ClusterChange]? {
        let outcome = "the input cannot be used: \(known.isEmpty ? "waiting for one that can" : "what stands, stays")"
        say([(.error, outcome)], diagnostics.filter { $0.severity == .error })
        isRefused = true
        return nil
    }

    /// Says what was found, and something about all of it behind that: at once where it is not what was found the last time, else ever
    /// more rarely.
    private mutating func say(_ notes: [(Logger.Level, String)], _ diagnostics: [Diagnostic]) {
        let printer = DiagnosticPrinter()
        let level: Logger.Level = diagnostics.contains { $0.severity == .error } ? .error : .warning
        let lines = DiagnosticSelection(diagnostics).lines(printer.line(of:)).map { (level, $0) } + notes
        if lines.map(\.1) != saidLines { repetition.end() }
        saidLines = lines.map(\.1)
        for (level, line) in lines where repetition.isDue(line) { log.log(level: level, "\(line)") }
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

extension Diagnostic {
    /// Whether it warns of an object that stands in a file. ``FileSource`` says that at each change, and in which line; what the
    /// options and the node decide is said by ``NodeKeeper``, which knows these as they are now.
    var isWarningOfFile: Bool { severity == .warning && origin?.file.isEmpty == false }
}
