// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerruleText
internal import ArgumentParser
internal import FerruleChecks
internal import FerruleCluster
internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import SystemPackage

/// From the files that a user names to a ruleset.
struct Pipeline {
    let input: InputOptions
    let console: Console
    /// The host, where the ruleset is for this one.
    var host: Machine?
    /// What is said to have become of an input that cannot be used.
    var product = "no ruleset was made"
    var families: [IPFamily] = IPFamily.allCases
    /// Whether an input that would empty the node is an error.
    var refusesGaps = false
    /// Whether, where no node is named, the result tells what is different on which nodes.
    var coversAllNodes = false
    /// Definitions to read in place of the input's, only to compare with them: there may be none, what is wrong in them is left
    /// out, and no lock file is written.
    var base: [String]?
    /// Takes what is found about the input; it is printed where nobody does.
    var findings: Findings?
    /// Whether more than a ResourceQuota allows is an error, as it always is with `--strict`.
    var refusesExcess = false
    /// The kinds that are read.
    var kinds = ObjectKind.ofServices
    /// What objects of other kinds are of no effect on.
    var result = "the ruleset"
    /// Whether allocated ClusterIPs and node ports are in the result.
    var showsAllocations = true
    /// Whether the command takes `--write-lock`.
    var mayWriteLock = false

    /// An input that was read, and can be used.
    struct Parsed {
        let manifests: Manifests
        /// What is wrong with it all the same.
        let diagnostics: [Diagnostic]
        let time: Duration
        fileprivate let configuration: KubeProxyConfiguration?

        var services: [Service] { manifests.objects.services }
    }

    struct Output {
        let ruleset: Ruleset
        let resolution: ClusterResolver.Result
        /// What the resolution was made of.
        let resolver: ClusterResolver
        /// How rulesets are made of what is resolved.
        let compiler: CompilerOptions
        /// Of the services that some nodes see in another way than `ruleset` says, where it is for all nodes.
        let rulesets: [NodeKind: Ruleset]
        /// The node that the ruleset is for; nil if none is named.
        let nodeName: String?
        let diagnostics: [Diagnostic]
        let parseTime: Duration
        let compileTime: Duration
    }

    /// Prints what is wrong with the input, and exits by the contract's code if it cannot be used.
    func run() throws -> Output { try compile(parse()) }

    /// Reads the input and checks it; see ``run()``.
    func parse() throws -> Parsed {
        try input.requirePaths()
        return try parse(readConfiguration())
    }

    /// The same with a configuration that was read.
    func parse(_ configuration: KubeProxyConfiguration?) throws -> Parsed {
        let clock = ContinuousClock()
        let start = clock.now
        let options = ValidationOptions(nodePortRange: input.nodePortRange, namespace: input.namespace)
        let (manifests, unreadable, problems) = console.during("reading definitions") {
            var (manifests, unreadable) = read(base ?? input.paths)
            let problems = manifests.problems(
                options, isStrict: input.isStrict, bindsQuotas: base == nil && (refusesExcess || input.isStrict))
            if base != nil { manifests.objects.removeNameless() }
            return (manifests, unreadable, problems)
        }
        // Only who asks for all that is wrong hears of the rest too.
        let found = unreadable.isEmpty || findings != nil ? problems : []
        show(unreadable)
        let result = Result { try report(found, in: manifests) }
        guard unreadable.isEmpty else { throw Failure.unreadableInput }
        let diagnostics = try result.get()
        notePassedOver(manifests.passedOver)
        noteSkippedKinds(manifests)
        return Parsed(
            manifests: manifests, diagnostics: diagnostics, time: clock.now - start, configuration: configuration)
    }

    /// Makes the ruleset; see ``run()``.
    func compile(_ parsed: Parsed) throws -> Output { try compile(parsed, remembered()) }

    /// The same with a lock that was read.
    ///
    /// - Parameter other: the ClusterIPs and node ports of what it is compared with: those that the input leaves open are
    ///   the same.
    func compile(
        _ parsed: Parsed, _ remembered: AllocationLock, like other: AllocationLock = AllocationLock()
    ) throws -> Output {
        let clock = ContinuousClock()
        let start = clock.now
        let manifests = parsed.manifests
        let options = resolution(parsed)
        let (resolver, result) = console.during("finding endpoints") {
            let resolver = ClusterResolver(
                ClusterStore(manifests.objects), options: options, remembered: remembered, other: other)
            return (resolver, resolver.resolveAll())
        }
        let diagnostics = try report(result.diagnostics, in: manifests)
        noteOtherProxies(result.cluster.otherProxyCount)
        noteAllocations(result.lock, remembered: remembered)
        if input.writeLock, base == nil { try lockFile?.write(result.lock, console) }
        let compiler = try input.compiler(parsed.configuration, families: families)
        let (ruleset, rulesets) = console.during("compiling the ruleset") {
            (
                RulesetCompiler.compile(result.cluster, compiler),
                result.clustersByNodeKind.mapValues { RulesetCompiler.compile($0, compiler) }
            )
        }
        let time = clock.now - start
        console.detail(
            "read \(manifests.byteCount) bytes in \(milliseconds(parsed.time)) ms, compiled in \(milliseconds(time)) ms"
        )
        return Output(
            ruleset: ruleset, resolution: result, resolver: resolver, compiler: compiler, rulesets: rulesets,
            nodeName: options.nodeName, diagnostics: parsed.diagnostics + diagnostics, parseTime: parsed.time,
            compileTime: time)
    }

    /// What is found of the services of an input without making a ruleset of them.
    struct Found<Value> {
        let value: Value
        /// What was allocated.
        let lock: AllocationLock
        let diagnostics: [Diagnostic]
        /// Services whose labels give them to another proxy, where that matters.
        var otherProxyCount = 0
    }

    /// Reads the input, checks it and resolves what is asked for; else as ``run()``.
    ///
    /// - Returns: what was found, and the node that it is for; nil for all nodes.
    func find<Value>(_ find: (ClusterResolver) throws -> Found<Value>) throws -> (value: Value, nodeName: String?) {
        try self.find(in: parse(), find)
    }

    /// The same of an input that was read.
    func find<Value>(
        in parsed: Parsed, _ find: (ClusterResolver) throws -> Found<Value>
    ) throws -> (value: Value, nodeName: String?) {
        let objects = parsed.manifests.objects
        let remembered = try remembered()
        let options = resolution(parsed)
        let found = try console.during("finding endpoints") {
            try find(ClusterResolver(ClusterStore(objects), options: options, remembered: remembered))
        }
        _ = try report(found.diagnostics, in: parsed.manifests)
        noteOtherProxies(found.otherProxyCount)
        noteAllocations(found.lock, remembered: remembered)
        return (found.value, options.nodeName)
    }

    /// Describes the services of the input; see ``find(_:)``.
    ///
    /// - Returns: what `overview` says of each, and the node that it is for; nil for all nodes.
    func describe<Description>(
        _ overview: (ClusterResolver) -> ClusterResolver.Overview<Description>
    ) throws -> (descriptions: [Description], nodeName: String?) { try describe(parse(), overview) }

    /// The same of an input that was read.
    func describe<Description>(
        _ parsed: Parsed, _ overview: (ClusterResolver) -> ClusterResolver.Overview<Description>
    ) throws -> (descriptions: [Description], nodeName: String?) {
        let (descriptions, nodeName) = try find(in: parsed) { resolver in
            let found = overview(resolver)
            return Found(
                value: found.descriptions, lock: found.lock, diagnostics: found.diagnostics,
                otherProxyCount: found.otherProxyCount)
        }
        return (descriptions, nodeName)
    }

    private var lockFile: LockFile? { input.lockPath.map(LockFile.init(path:)) }

    /// What `--lock` says that services had.
    func remembered() throws -> AllocationLock {
        try lockFile?.read(mayBeMissing: input.writeLock, console) ?? AllocationLock()
    }

    private func resolution(_ parsed: Parsed) -> ResolutionOptions {
        var options = input.resolution(parsed.configuration, host: host)
        options.refusesGaps = refusesGaps
        options.isForAllNodes = coversAllNodes && options.nodeName == nil
        return options
    }

    /// What `--config` names; nil where it names nothing.
    func readConfiguration() throws -> KubeProxyConfiguration? { try input.configurationPath.map(readConfiguration) }

    private func readConfiguration(_ path: String) throws -> KubeProxyConfiguration {
        let file = path == "-" ? ManifestReader.standardInputName : path
        let (manifests, unreadable) = read([path])
        show(unreadable)
        guard unreadable.isEmpty else { throw Failure.unreadableInput }
        let found = manifests.objects.proxyConfigurations
        let validation = found.flatMap(KubeProxyConfigurationValidator.diagnostics)
        _ = try report(manifests.diagnostics(isStrict: input.isStrict) + validation, in: manifests)
        guard let configuration = found.first, found.count == 1 else {
            let message =
                "holds \(found.count) objects of kind KubeProxyConfiguration "
                + "(kubeproxy.config.k8s.io/v1alpha1), but --config takes exactly one"
            if let findings {
                findings.add([Diagnostic(.error, message, origin: Origin(file: file))])
            } else {
                console.failure(file: file, message)
            }
            throw Failure.invalidInput
        }
        return configuration
    }

    private func read(_ paths: [String]) -> (manifests: Manifests, unreadable: [Diagnostic]) {
        var reader = ManifestReader { try FileContent.read(.standardInput) }
        reader.namespace = input.namespace ?? reader.namespace
        reader.kinds = kinds
        reader.excluded = input.exclude.map { FilePattern($0) }
        reader.mayBeEmpty = base != nil
        return reader.readWhatCanBe(paths)
    }

    /// Prints diagnostics in the order of the lines that they are about; the same with these lines.
    func report(_ diagnostics: [Diagnostic], in manifests: Manifests) throws -> [Diagnostic] {
        guard !diagnostics.isEmpty else { return [] }
        let diagnostics = manifests.hintingAtTemplates(diagnostics.inLineOrder(of: manifests.sources))
        if base != nil {
            // Its warnings are for those who change it.
            let warnings = diagnostics.filter { $0.severity == .error }.map(\.asWarning)
            show(warnings)
            return warnings
        }
        show(diagnostics)
        let (errors, warnings) = (diagnostics.total(.error), diagnostics.total(.warning))
        guard errors > 0 else { return diagnostics }
        guard findings == nil else { throw Failure.invalidInput }
        console.note(
            counted(errors, "error") + (warnings > 0 ? " and \(counted(warnings, "warning"))" : "")
                + " in the input; \(product)")
        throw Failure.invalidInput
    }

    /// Says which files of directories are no part of the input.
    private func notePassedOver(_ files: PassedOverFiles) {
        guard let note = files.note, base == nil else { return }
        for name in files.withoutObjects + files.templates { console.detail("passed over: \(name)") }
        console.note(note)
    }

    private func show(_ diagnostics: [Diagnostic]) {
        if let findings { findings.add(diagnostics) } else { console.print(diagnostics) }
    }

    private func noteSkippedKinds(_ manifests: Manifests) {
        let configurations = manifests.objects.proxyConfigurations.count
        let shown = manifests.skippedKinds.prefix(50)
        let more = manifests.skippedKinds.count - shown.count
        guard base == nil else { return }
        let isOfIngress = { (kind: SkippedKind) in
            ObjectKind(rawValue: kind.kind).map(ObjectKind.ofIngress.contains) == true
        }
        let kinds = shown.filter { !isOfIngress($0) }.map(\.description) + (more > 0 ? ["\(more) more kinds"] : [])
        if !kinds.isEmpty { console.note("skipped, of no effect on \(result): " + kinds.joined(separator: ", ")) }
        let ofIngress = shown.filter(isOfIngress).map(\.description).joined(separator: ", ")
        // Who reads Ingresses leaves Secrets alone.
        let reader = self.kinds.contains(.ingress) ? "ferrule ingress --tls-directory" : "ferrule ingress"
        if !ofIngress.isEmpty { console.note("left to \(reader): \(ofIngress)") }
        if configurations > 0 {
            console.note("not used: KubeProxyConfiguration \(configurations); pass it with --config")
        }
    }

    private func noteOtherProxies(_ count: Int) {
        guard count > 0, base == nil else { return }
        console.note("left to another proxy, as their labels ask: \(counted(count, "service"))")
    }

    /// Says what was allocated and is not kept: the next input may move it.
    private func noteAllocations(_ lock: AllocationLock, remembered: AllocationLock) {
        guard showsAllocations, !input.writeLock, findings == nil, base == nil else { return }
        let addresses = lock.clusterIPs.reduce(0) { count, entry in
            count + Set(entry.value).subtracting(remembered.clusterIPs[entry.key] ?? []).count
        }
        let nodePorts = lock.nodePorts.count { remembered.nodePorts[$0.key] != $0.value }
        let parts = [(addresses, "ClusterIP"), (nodePorts, "node port")].filter { $0.0 > 0 }
        guard !parts.isEmpty else { return }
        let source = input.lockPath.map { "neither the input nor \($0) says" } ?? "the input does not say"
        console.note(
            "allocated " + parts.map { counted($0.0, $0.1) }.joined(separator: " and ") + " that \(source); "
                + (mayWriteLock
                    ? (input.lockPath == nil ? "--lock FILE --write-lock" : "--write-lock")
                    : "`ferrule render --lock FILE --write-lock`")
                + (addresses + nodePorts == 1 ? " keeps it" : " keeps them"))
    }
}

extension ClusterObjects {
    /// Leaves out what cannot be told from others of its kind.
    fileprivate mutating func removeNameless() {
        services.removeAll { $0.meta.name.isEmpty }
        nodes.removeAll { $0.meta.name.isEmpty }
    }
}

extension Diagnostic {
    /// An error that is left at that.
    fileprivate var asWarning: Diagnostic {
        var warning = self
        warning.severity = .warning
        return warning
    }
}

/// A time in milliseconds, rounded up.
func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
