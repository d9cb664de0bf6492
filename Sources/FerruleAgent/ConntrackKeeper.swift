// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes
internal import FerruleNode
package import Logging

/// Writes the settings of connection tracking. Those that are missing come with a module, which the kernel loads for the first
/// transaction at the latest: they are written after it, as they are wanted by then.
///
/// A class, for a configuration that is read again says what is wanted, and the agent when its first transaction stands.
package final class ConntrackKeeper {
    private let folder: String
    private let log: Logger
    /// Those that were missing when they were last wanted.
    private var missing: ConntrackSettings?
    /// Whether the first transaction stands: what is missing then will not come.
    private var isReady = false

    package init(_ log: Logger, below folder: String = "/proc/sys/net/netfilter") {
        (self.log, self.folder) = (log, folder)
    }

    /// Writes the settings that a configuration asks for. Nothing is said of those that may still come.
    package func want(_ configuration: KubeProxyConfiguration.Conntrack) {
        let settings = ConntrackSettings(configuration)
        let problems = settings.write(below: folder)
        for problem in problems where isReady || !problem.isMissing { log.warning("\(problem)") }
        missing = isReady ? nil : settings.only(Set(problems.filter(\.isMissing).map(\.name)))
    }

    /// The first transaction stands: writes the settings that were missing.
    package func writeMissing() {
        isReady = true
        for problem in missing?.write(below: folder) ?? [] { log.warning("\(problem)") }
        missing = nil
    }
}
