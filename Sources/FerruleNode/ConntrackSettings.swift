// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes
internal import FerruleNetlink
internal import FoundationEssentials
internal import SystemPackage

/// The settings of connection tracking that a KubeProxyConfiguration asks for, as kube-proxy makes them: what it does not say has
/// kube-proxy's defaults (`SetDefaults_KubeProxyConfiguration` in `pkg/proxy/apis/config/v1alpha1/defaults.go`), and what it says
/// as zero is left as the node has it.
package struct ConntrackSettings: Sendable, Equatable {
    /// Paths below `/proc/sys/net/netfilter` with the values to write.
    package let values: [String: String]

    /// - Parameter cores: of the machine, which the largest number of connections depends on.
    package init(
        _ configuration: KubeProxyConfiguration.Conntrack, cores: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        var values: [String: String] = [:]
        let perCore = configuration.maxPerCore ?? 32 * 1024
        if perCore > 0 {
            let scaled = perCore.multipliedReportingOverflow(by: max(cores, 1))
            let isCapped = scaled.overflow || scaled.partialValue > Self.largestScaled
            let most = isCapped ? Self.largestScaled : max(scaled.partialValue, configuration.min ?? 128 * 1024)
            values["nf_conntrack_max"] = "\(min(most, Int(Int32.max)))"
        }
        let times = [
            ("nf_conntrack_tcp_timeout_established", configuration.tcpEstablishedTimeout ?? "24h"),
            ("nf_conntrack_tcp_timeout_close_wait", configuration.tcpCloseWaitTimeout ?? "1h"),
            ("nf_conntrack_udp_timeout", configuration.udpTimeout),
            ("nf_conntrack_udp_timeout_stream", configuration.udpStreamTimeout),
        ]
        for (name, text) in times {
            guard let seconds = text.flatMap(GoDuration.seconds), (1..<Double(Int32.max)).contains(seconds) else {
                continue
            }
            values[name] = "\(Int(seconds))"
        }
        if configuration.tcpBeLiberal == true { values["nf_conntrack_tcp_be_liberal"] = "1" }
        self.values = values
    }

    /// However many cores there are, they alone make it no more (`getConntrackMax` in `pkg/proxy/conntrack/sysctls.go`).
    private static let largestScaled = 1 << 20

    /// The settings of some names alone.
    package func only(_ names: Set<String>) -> Self { Self(values: values.filter { names.contains($0.key) }) }

    private init(values: [String: String]) { self.values = values }

    /// A value that could not be written.
    package struct Problem: Sendable, CustomStringConvertible {
        /// Of the setting.
        package let name: String
        package let description: String
        /// Whether there is no such setting: those of connection tracking come with the module `nf_conntrack`.
        package let isMissing: Bool
    }

    /// Writes the values where they differ; a larger number of connections is not made smaller.
    ///
    /// Returns what could not be written.
    package func write(below folder: String = "/proc/sys/net/netfilter") -> [Problem] {
        values.sorted { $0.key < $1.key }.compactMap { name, value in
            let path = "\(folder)/\(name)"
            let standing = (try? String(contentsOfFile: path, encoding: .utf8))?.filter { !$0.isWhitespace }
            if standing == value { return nil }
            if name == "nf_conntrack_max", let most = standing.flatMap({ Int($0) }), let wanted = Int(value),
                most >= wanted
            {
                return nil
            }
            do {
                let file = try FileDescriptor.open(FilePath(path), .writeOnly)
                _ = try file.closeAfter { try file.writeAll(value.utf8) }
                return nil
            } catch {
                let reason = (error as? Errno).map { ": \(ErrorNumber($0.rawValue))" } ?? ""
                return Problem(
                    name: name, description: "\(path) cannot be set to \(value)\(reason)",
                    isMissing: error as? Errno == .noSuchFileOrDirectory)
            }
        }
    }
}
