// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import Foundation

/// From the files that a user names to a ruleset.
struct Pipeline {
    let input: InputOptions
    let console: Console
    /// The name of the node where the command line gives none.
    var hostName: String?
    var families: [IPFamily] = IPFamily.allCases

    struct Output {
        let ruleset: Ruleset
        let parseTime: Duration
        let compileTime: Duration
    }

    /// Prints what is wrong with the input, and exits by the contract's code if it cannot be used.
    func run() throws -> Output {
        let clock = ContinuousClock()
        let start = clock.now
        let lockFile = input.lockPath.map(LockFile.init(path:))
        let remembered = try lockFile?.read(mayBeMissing: input.writeLock, console) ?? AllocationLock()
        let manifests = try read()
        let parsed = clock.now

        let result = ClusterResolver.resolve(
            manifests.objects, options: input.resolution(hostName: hostName), remembered: remembered)
        try report(result.diagnostics, in: manifests)
        noteAllocations(result.lock)
        if input.writeLock { try lockFile?.write(result.lock, console) }
        let ruleset = RulesetCompiler.compile(result.cluster, try input.compiler(families: families))
        let compiled = clock.now
        console.detail(
            "read \(manifests.byteCount) bytes in \(milliseconds(parsed - start)) ms, "
                + "compiled in \(milliseconds(compiled - parsed)) ms")
        return Output(ruleset: ruleset, parseTime: parsed - start, compileTime: compiled - parsed)
    }

    private func read() throws -> Manifests {
        let reader = ManifestReader { try FileHandle.standardInput.readToEnd() ?? Data() }
        let manifests: Manifests
        do throws(ManifestError) {
            manifests = try reader.read(input.paths)
        } catch .unreadable(let diagnostics) {
            console.print(diagnostics) { _, _ in nil }
            throw Failure.unreadableInput
        }
        noteSkippedKinds(manifests.skippedKinds)
        let options = ValidationOptions(nodePortRange: input.nodePortRange)
        let found = manifests.diagnostics + ClusterValidator.validate(manifests.objects, options: options)
        try report(ClusterValidator.inInputOrder(found), in: manifests)
        return manifests
    }

    private func report(_ diagnostics: [Diagnostic], in manifests: Manifests) throws {
        console.print(diagnostics, locate: manifests.sources.locate)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw Failure.invalidInput }
    }

    private func noteSkippedKinds(_ kinds: [SkippedKind]) {
        guard !kinds.isEmpty else { return }
        console.note("skipped, of no effect on the ruleset: " + kinds.map(\.description).joined(separator: ", "))
    }

    private func noteAllocations(_ lock: AllocationLock) {
        guard input.lockPath == nil, !lock.clusterIPs.isEmpty || !lock.nodePorts.isEmpty else { return }
        let addresses = lock.clusterIPs.values.reduce(0) { $0 + $1.count }
        console.note(
            "allocated \(counted(addresses, "ClusterIP")) and \(counted(lock.nodePorts.count, "node port")) that the "
                + "input does not say; --lock FILE --write-lock keeps them")
    }
}

/// `1 service`, `2 services`, `0 services`
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// A time in milliseconds, rounded up.
func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
