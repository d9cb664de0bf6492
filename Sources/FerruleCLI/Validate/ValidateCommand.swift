// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleDiagnostics
internal import FerruleIngress
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleResolution
internal import FerruleRuleset

/// `ferrule validate`: checks definitions.
struct ValidateCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check Service definitions, and say all that is wrong.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: Manual.ofInput,
        description: """
            What is found is the result, so it goes to standard output. Warnings leave the exit code at 0, and --quiet leaves \
            them out. Of Ingresses it is also said where `ferrule ingress` could not lead requests.
            """,
        examples: [
            "ferrule validate -f manifests/",
            "kubectl kustomize . | ferrule validate -f - --format json",
            "ferrule validate -f manifests/ --format github   # marks lines",
        ],
        exitCodes: Failure.sorted(Failure.always, Failure.ofInput), files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, github, sarif
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "text; json; github: workflow commands, which mark the lines; sarif: version 2.1.0, for code scanning.")
        )
        var format = Format.text
    }

    @OptionGroup(title: "Validate options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try input.refuseWriteLock(because: "validate writes no file")
    }

    /// The first of the paths, as diagnostics name files.
    private var inputName: String {
        let path = input.paths.first ?? "-"
        return path == "-" ? ManifestReader.standardInputName : path
    }

    func run() throws {
        let console = global.console
        let findings = Findings()
        var (failure, services) = (ExitCode?.none, 0)
        var sources: SourceMap?
        do {
            let pipeline = Pipeline(
                input: input, console: console, coversAllNodes: true, findings: findings, refusesExcess: true,
                kinds: ObjectKind.ofServices.union([.ingress, .ingressClass]))
            let parsed = try pipeline.parse()
            sources = parsed.manifests.sources
            let output = try pipeline.compile(parsed)
            let summary = output.ruleset.summary
            services = summary.services + summary.headless + summary.externalNames
            let objects = parsed.manifests.objects
            if !objects.ingresses.isEmpty || !objects.ingressClasses.isEmpty {
                let views = output.resolver.overview(ServiceOnNode.init).descriptions
                _ = try pipeline.report(
                    IngressCompiler.diagnostics(of: objects, services: views), in: parsed.manifests)
            }
        } catch let code as ExitCode {
            // What led to it is among the findings, unless it is about a file that holds no definitions.
            guard findings.hasErrors else { throw code }
            failure = code
        }
        // What is found later may be about lines that stand before.
        let found = sources.map(findings.diagnostics.inLineOrder) ?? findings.diagnostics
        let shown = found.filter { $0.severity == .error || !global.quiet }
        let report = DiagnosticReport(diagnostics: shown, services: services, input: inputName)
        switch options.format {
        case .text: try console.result(report.text(colored: console.colorsResults))
        case .json: try console.result(report.json)
        case .github: try console.result(Array(report.github.utf8))
        case .sarif: try console.result(report.sarif)
        }
        if let failure { throw failure }
    }
}
