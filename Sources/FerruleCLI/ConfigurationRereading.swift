// SPDX-License-Identifier: Apache-2.0

internal import FerruleAgent
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleResolution
internal import FoundationEssentials
internal import Logging

/// Reads `--config` again while `ferrule run` works. One that cannot be used changes nothing.
struct ConfigurationRereading {
    private let input: InputOptions
    private let console: Console
    private let log: Logger
    /// What holds.
    private var settings: Agent.Settings
    private var configuration: KubeProxyConfiguration?
    /// The file as it was read the last time.
    private var bytes: Data?

    init(
        _ input: InputOptions, _ settings: Agent.Settings, _ configuration: KubeProxyConfiguration?, _ console: Console,
        _ log: Logger
    ) {
        (self.input, self.settings, self.configuration) = (input, settings, configuration)
        (self.console, self.log) = (console, log)
    }

    /// The path of a file that can be read again; nil without one.
    var path: String? { input.configurationPath.flatMap { $0 == "-" ? nil : $0 } }

    /// What holds from now on; nil where that is what held before.
    ///
    /// - Parameter isAsked: whether somebody wants to hear what came of it.
    mutating func read(isAsked: Bool) -> Agent.Settings? {
        guard let path else {
            log.info("there is no configuration to read again: no --config names a file")
            return nil
        }
        let found = try? FileContent.contents(of: path)
        guard isAsked || found != bytes else { return nil }
        bytes = found
        guard let next = parse(path) else {
            log.error("\(path) cannot be used: what it said before holds")
            return nil
        }
        guard next != configuration else {
            if isAsked { log.info("\(path): nothing is different") }
            return nil
        }
        for field in fixedFields(in: next) {
            log.warning("\(path): \(field) has become another, which takes effect at the next start")
        }
        return change(to: next, path)
    }

    private func parse(_ path: String) -> KubeProxyConfiguration? {
        let findings = Findings()
        var pipeline = Pipeline(input: input, console: console)
        pipeline.findings = findings
        let configuration = try? pipeline.readConfiguration()
        let printer = DiagnosticPrinter()
        for diagnostic in findings.diagnostics {
            log.log(level: diagnostic.severity == .error ? .error : .warning, "\(printer.line(of: diagnostic))")
        }
        return configuration
    }

    /// The fields that are different and cannot be changed while it works.
    private func fixedFields(in next: KubeProxyConfiguration) -> [String] {
        let fields: [(String, (KubeProxyConfiguration) -> String?)] = [
            ("hostnameOverride", \.hostnameOverride), ("clientConnection.kubeconfig", \.kubeconfig),
            ("healthzBindAddress", \.healthzBindAddress), ("metricsBindAddress", \.metricsBindAddress),
        ]
        return fields.filter { field in configuration.flatMap(field.1) != field.1(next) }.map(\.0)
    }

    private mutating func change(to next: KubeProxyConfiguration, _ path: String) -> Agent.Settings? {
        let node = settings.resolution.nodeName
        do {
            settings.resolution = input.resolution(next, host: .current())
            settings.compiler = try input.compiler(next, families: IPFamily.allCases)
        } catch {
            return nil
        }
        settings.resolution.nodeName = node
        configuration = next
        for problem in ConntrackSettings(next.conntrack).write() { log.warning("\(problem)") }
        log.info("\(path) has become another, and holds from now on")
        return settings
    }
}
