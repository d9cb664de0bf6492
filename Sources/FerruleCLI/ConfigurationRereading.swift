// SPDX-License-Identifier: Apache-2.0

internal import FerruleAgent
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleResolution
internal import Logging

/// Reads `--config` again while `ferrule run` works. One that cannot be used changes nothing.
struct ConfigurationRereading {
    private let input: InputOptions
    private let console: Console
    private let conntrack: ConntrackKeeper
    private let log: Logger
    /// What holds.
    private var settings: Agent.Settings
    private var configuration: KubeProxyConfiguration?
    /// What the agent was started with.
    private let first: KubeProxyConfiguration?
    private var last: ConfigurationReading
    /// Whether the file could not be used when it was last read.
    private var isRefused = false

    /// - Parameters:
    ///   - settings: what came of the first reading.
    ///   - first: has been said.
    ///   - conntrack: has been told of it.
    init(
        _ input: InputOptions, _ settings: Agent.Settings, _ first: ConfigurationReading, _ conntrack: ConntrackKeeper,
        _ console: Console, _ log: Logger
    ) {
        (self.input, self.settings, self.console, self.log) = (input, settings, console, log)
        (last, self.first, self.conntrack) = (first, first.configuration, conntrack)
        configuration = first.configuration
    }

    /// The path of a file that can be read again, which a pipe cannot; nil without one.
    var path: String? { input.configurationPath.flatMap { FileContent.isPipe($0) ? nil : $0 } }

    /// What holds from now on; nil where that is what held before.
    ///
    /// - Parameter isAsked: whether somebody wants to hear what came of it.
    mutating func read(isAsked: Bool) -> Agent.Settings? {
        guard let path else {
            log.info("there is no configuration to read again: no --config names a file")
            return nil
        }
        let reading = ConfigurationReading(input, console)
        guard isAsked || reading != last else { return nil }
        last = reading
        reading.say(log)
        guard let next = reading.configuration else {
            log.error("\(path) cannot be used: what it said before holds")
            isRefused = true
            return nil
        }
        if isRefused { log.info("\(path) can be used again") }
        isRefused = false
        guard next != configuration else {
            if isAsked { log.info("\(path): nothing is different") }
            return nil
        }
        for field in fixedFields(in: next) {
            log.warning("\(path): \(field) has become another, which takes effect at the next start")
        }
        return change(to: next, path)
    }

    /// The fields that have become different, from what is in force too, and cannot be changed while it works.
    private func fixedFields(in next: KubeProxyConfiguration) -> [String] {
        let fields: [(String, (KubeProxyConfiguration) -> String?)] = [
            ("hostnameOverride", \.hostnameOverride), ("clientConnection.kubeconfig", \.kubeconfig),
            ("healthzBindAddress", \.healthzBindAddress), ("metricsBindAddress", \.metricsBindAddress),
        ]
        return fields.filter { _, value in
            ![configuration.flatMap(value), first.flatMap(value)].contains(value(next))
        }.map(\.0)
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
        conntrack.want(next.conntrack)
        log.info("\(path) has become another, and holds from now on")
        return settings
    }
}
