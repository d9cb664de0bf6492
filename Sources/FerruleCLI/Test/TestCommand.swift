// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleManifests
internal import FerruleResolution
internal import FerruleStatements
internal import FerruleTraffic

/// `ferrule test`: checks statements about what becomes of traffic.
struct TestCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check statements about what becomes of traffic; needs no root and touches nothing.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: ["-f path -t path", "-f path --write"],
        description: """
            A file of statements, which -t names, holds documents of kind TrafficTest (ferrule.dev/v1) and nothing else; it may \
            stand beside the manifests. Each entry of spec says who sends (from), to what (to), both in the words of trace, and how it ends: goesTo ('pods \
            NAMESPACE/NAME', 'endpoints', '2 endpoints', '2 pods NAMESPACE/NAME', or a list of ADDRESS:PORT), or is (refused, \
            dropped or leftAlone); if it matters, also masqueraded and sticky (true or false), and onNodes (every, or names).

            pod NAMESPACE/NAME means those pods too whose name is NAME, a dash and more. A statement is to hold for each of \
            them, in each address family, and on every node of the input, or on the one that --node-name says. Where the input \
            has no Node objects, its nodes are those that endpoints and pods are on, and one more that stands for all others.

            --write prints statements that hold now, to begin from.
            """,
        examples: [
            "ferrule test -f manifests/ --assume-pods -t traffic.yaml",
            "ferrule test -f cluster.yaml --write > traffic.yaml",
            "ferrule test -f cluster.yaml -t tests/ --format junit > report.xml",
        ],
        exitCodes: Failure.sorted(
            [Failure.Meaning(Failure.doesNotHold, "a statement does not hold")],
            Failure.always.map { $0.code == 0 ? Failure.Meaning(.success, "all statements hold") : $0 },
            Failure.ofInput), files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, junit, json
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            name: [.customShort("t", allowingJoined: true), .customLong("tests")],
            help: ArgumentHelp(
                "A file of statements, or a directory (every .yaml, .yml and .json below it); repeatable.",
                valueName: "path"), completion: PathCompletion.kind())
        var paths: [String] = []

        @Flag(help: "Print statements that hold now, in place of checking some.")
        var write = false

        @Option(help: "How to print what was found; junit: XML, as test reports are kept in CI.")
        var format = Format.text
    }

    @OptionGroup(title: "Test options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try input.refuseWriteLock(because: "test writes no file")
        guard options.write else {
            if !options.paths.isEmpty { return }
            throw ValidationError(
                "no statements: pass a file of them with -t, as in `-t traffic.yaml`, or --write to begin with some")
        }
        guard options.paths.isEmpty, options.format == .text else {
            throw ValidationError("--write prints statements, and checks none: leave -t and --format out")
        }
    }

    func run() throws {
        let console = global.console
        let tests = try readTests(console)
        let output = try Pipeline(input: input, console: console, coversAllNodes: true).run()
        let checker = StatementChecker(output.resolver, nodeName: output.nodeName, traffic: output.traffic(on:))
        guard !options.write else { return try console.result(ProposalText(checker.proposals()).text) }
        let report = try check(tests, checker, console)
        switch options.format {
        case .text:
            try console.result(TestText(report, colored: console.colorsResults).text(showsAll: global.verbose > 0))
        case .junit: try console.result(TestXML(report).text)
        case .json: try console.result(JSONText.encode(TestJSON(report)))
        }
        if report.failed > 0 { throw Failure.doesNotHold }
    }

    private struct Tests {
        let tests: [TrafficTest]
        let sources: SourceMap
    }

    private func readTests(_ console: Console) throws -> Tests {
        let documents: PlainDocuments
        do throws(ManifestError) {
            documents = try PlainDocuments(reading: options.paths)
        } catch {
            guard case .unreadable(let diagnostics) = error else { throw error }
            console.print(diagnostics)
            throw Failure.unreadableInput
        }
        let reader = TrafficTestReader(documents)
        var problems = reader.diagnostics
        if problems.total(.error) == 0 { problems += options.paths.compactMap { emptiness(of: $0, reader.tests) } }
        console.print(problems.inLineOrder(of: documents.sources))
        guard problems.total(.error) == 0 else { throw Failure.invalidInput }
        return Tests(tests: reader.tests, sources: documents.sources)
    }

    /// What is wrong where somebody named a path to have statements checked, and nothing there asks for that. A document that
    /// has none says so, and there is a warning.
    private func emptiness(of path: String, _ all: [TrafficTest]) -> Diagnostic? {
        var folder = path[...]
        while folder.last == "/" { folder.removeLast() }
        guard !all.contains(where: { $0.origin.file == path || $0.origin.file.hasPrefix(folder + "/") }) else {
            return nil
        }
        return Diagnostic(.error, "there is no document of kind TrafficTest in it", origin: Origin(file: path))
    }

    private func check(_ tests: Tests, _ checker: StatementChecker, _ console: Console) throws -> TestReport {
        do throws(StatementChecker.Failure) {
            let results = try console.during("checking statements") { () throws(StatementChecker.Failure) in
                try checker.check(tests.tests.flatMap(\.statements))
            }
            return TestReport(tests.tests, results) { tests.sources.locate($0, FieldPath()) }
        } catch {
            console.print([error.diagnostic(of: tests.tests)].inLineOrder(of: tests.sources))
            throw Failure.invalidInput
        }
    }
}

extension Pipeline.Output {
    /// What the ruleset of a node does with traffic; nil stands for a node without a name.
    func traffic(on node: String?) -> NodeTraffic {
        let definitions = resolver.seen(from: node)
        let cluster = definitions.resolveAll().cluster
        return NodeTraffic(RulesetCompiler.compile(cluster, compiler), definitions, cluster, nodeName: node)
    }
}
