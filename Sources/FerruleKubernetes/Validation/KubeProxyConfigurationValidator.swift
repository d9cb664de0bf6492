// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
internal import FerruleNetwork

/// Checks a KubeProxyConfiguration as kube-proxy does when it starts, for the fields used (`Validate` in
/// `pkg/proxy/apis/config/validation/validation.go`).
package enum KubeProxyConfigurationValidator {
    package static func diagnostics(of configuration: KubeProxyConfiguration) -> [Diagnostic] {
        var found: [Diagnostic] = []
        func report(_ message: String, _ field: FieldPath) {
            found.append(
                Diagnostic(
                    .error, message, object: "KubeProxyConfiguration", field: field, origin: configuration.origin))
        }
        if let address = configuration.bindAddress, IPAddress(address) == nil {
            report("'\(address)' is not an IP address", FieldPath("bindAddress"))
        }
        for (text, address, field) in [
            (configuration.healthzBindAddress, configuration.healthAddress, "healthzBindAddress"),
            (configuration.metricsBindAddress, configuration.metricsAddress, "metricsBindAddress"),
        ] where address == nil {
            report(
                "'\(text ?? "")' is not an IP address with a port of 1-65535, such as 0.0.0.0:10256 or [::]:10256",
                FieldPath(field))
        }
        let ranges = (configuration.clusterCIDR ?? "").split(separator: ",")
        for range in ranges where Prefix(range) == nil {
            report("'\(range)' is not a range in CIDR form, such as 10.244.0.0/16", FieldPath("clusterCIDR"))
        }
        // Of no account, and not looked at, in other modes.
        if [nil, "ClusterCIDR"].contains(configuration.detectLocalMode),
            let second = ranges.compactMap({ Prefix($0) }).secondOfFamily
        {
            report(
                "\(second) is the second \(second.family.rawValue) range; there is one of each family",
                FieldPath("clusterCIDR"))
        }
        for (index, range) in configuration.nodePortAddresses.enumerated() {
            let isPrimary = range == "primary" && configuration.nodePortAddresses.count == 1
            if !isPrimary, Prefix(range) == nil {
                report(
                    "'\(range)' is neither a range in CIDR form nor the single word primary",
                    FieldPath("nodePortAddresses")[index])
            }
        }
        if let bit = configuration.masqueradeBit, !(0...31).contains(bit) {
            report("\(bit) is not the number of a bit, 0 to 31", FieldPath("nftables", "masqueradeBit"))
        }
        for (name, problem) in problems(of: configuration.conntrack) { report(problem, FieldPath("conntrack", name)) }
        switch configuration.detectLocalMode {
        case nil, "ClusterCIDR", "NodeCIDR": break
        case "BridgeInterface":
            let name = configuration.bridgeInterface ?? ""
            let problem =
                name.isEmpty
                ? "is needed with detectLocalMode BridgeInterface" : InterfaceName.problem(name, isPrefix: false)
            if let problem { report(problem, FieldPath("detectLocal", "bridgeInterface")) }
        case "InterfaceNamePrefix":
            let prefix = configuration.interfaceNamePrefix ?? ""
            let problem =
                prefix.isEmpty
                ? "is needed with detectLocalMode InterfaceNamePrefix" : InterfaceName.problem(prefix, isPrefix: true)
            if let problem { report(problem, FieldPath("detectLocal", "interfaceNamePrefix")) }
        case let mode?:
            report(
                "'\(mode)' is not ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix",
                FieldPath("detectLocalMode"))
        }
        return found
    }

    /// The fields that are wrong, in the order of the API.
    private static func problems(of conntrack: KubeProxyConfiguration.Conntrack) -> [(field: String, problem: String)] {
        let numbers = [("maxPerCore", conntrack.maxPerCore), ("min", conntrack.min)].compactMap { field, number in
            // Both are int32.
            number.flatMap {
                (0...Int(Int32.max)).contains($0) ? nil : (field, "\($0) is not a number of 0-\(Int32.max)")
            }
        }
        let times = [
            ("tcpEstablishedTimeout", conntrack.tcpEstablishedTimeout),
            ("tcpCloseWaitTimeout", conntrack.tcpCloseWaitTimeout),
            ("udpTimeout", conntrack.udpTimeout), ("udpStreamTimeout", conntrack.udpStreamTimeout),
        ].compactMap { field, text -> (String, String)? in
            guard let text else { return nil }
            if let seconds = GoDuration.seconds(text), (0..<Double(Int32.max)).contains(seconds) { return nil }
            return (field, "'\(text)' is not a duration of 0 or more, such as 24h0m0s or 90s")
        }
        return numbers + times
    }
}
