// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleNetwork
import Testing

@Suite struct KubeProxyConfigurationTests {
    private typealias Change = @Sendable (inout KubeProxyConfiguration) -> Void

    private static let wrong: [(Change, String)] = [
        (
            { $0.healthzBindAddress = "node-a.example:10256" },
            "healthzBindAddress: 'node-a.example:10256' is not an IP address with a port of 1-65535, such as 0.0.0.0:10256 "
                + "or [::]:10256"
        ),
        (
            { $0.metricsBindAddress = "127.0.0.1:99999" },
            "metricsBindAddress: '127.0.0.1:99999' is not an IP address with a port of 1-65535, such as 0.0.0.0:10256 "
                + "or [::]:10256"
        ),
        (
            { $0.clusterCIDR = "10.0.0.0/8,11.0.0.0/8" },
            "clusterCIDR: 11.0.0.0/8 is the second IPv4 range; there is one of each family"
        ),
        ({ $0.conntrack.maxPerCore = -5 }, "conntrack.maxPerCore: -5 is not a number of 0-2147483647"),
        ({ $0.conntrack.min = 1 << 31 }, "conntrack.min: 2147483648 is not a number of 0-2147483647"),
        (
            { $0.conntrack.tcpEstablishedTimeout = "24 hours" },
            "conntrack.tcpEstablishedTimeout: '24 hours' is not a duration of 0 or more, such as 24h0m0s or 90s"
        ),
        (
            { $0.conntrack.tcpCloseWaitTimeout = "-1h" },
            "conntrack.tcpCloseWaitTimeout: '-1h' is not a duration of 0 or more, such as 24h0m0s or 90s"
        ),
        (
            { $0.conntrack.udpTimeout = "5" },
            "conntrack.udpTimeout: '5' is not a duration of 0 or more, such as 24h0m0s or 90s"
        ),
        (
            { $0.conntrack.udpStreamTimeout = "5d" },
            "conntrack.udpStreamTimeout: '5d' is not a duration of 0 or more, such as 24h0m0s or 90s"
        ),
    ]

    @Test("what kube-proxy refuses to start with is an error", arguments: wrong.indices)
    func errors(number: Int) {
        var configuration = KubeProxyConfiguration()
        Self.wrong[number].0(&configuration)
        let found = KubeProxyConfigurationValidator.diagnostics(of: configuration)
        #expect(found.map { "\($0.field): \($0.message)" } == [Self.wrong[number].1])
    }

    @Test("what kube-proxy starts with is none")
    func right() {
        var configuration = KubeProxyConfiguration()
        #expect(KubeProxyConfigurationValidator.diagnostics(of: configuration).isEmpty)
        configuration.clusterCIDR = "10.0.0.0/8,fd00::/8"
        (configuration.healthzBindAddress, configuration.metricsBindAddress) = ("[::]:10256", "127.0.0.1")
        (configuration.conntrack.maxPerCore, configuration.conntrack.min) = (0, 0)
        (configuration.conntrack.udpTimeout, configuration.conntrack.udpStreamTimeout) = ("0s", "1m30s")
        #expect(KubeProxyConfigurationValidator.diagnostics(of: configuration).isEmpty)
        // In other modes kube-proxy does not look at it.
        (configuration.detectLocalMode, configuration.clusterCIDR) = ("NodeCIDR", "10.0.0.0/8,11.0.0.0/8")
        #expect(KubeProxyConfigurationValidator.diagnostics(of: configuration).isEmpty)
    }

    @Test(
        "an address to listen at has a port, if need be that of its purpose",
        arguments: [
            ("10.0.0.1:80", "10.0.0.1:80"), ("10.0.0.1", "10.0.0.1:10256"), ("::1", "[::1]:10256"),
            ("[::1]:80", "[::1]:80"),
            ("[10.0.0.1]:80", "10.0.0.1:80"), (":80", nil), ("[::1]", nil), ("[::1:80", nil), ("10.0.0.1:0", nil),
            ("10.0.0.1:", nil), ("localhost:80", nil), ("", nil),
        ] as [(String, String?)])
    func addresses(text: String, address: String?) {
        var configuration = KubeProxyConfiguration()
        configuration.healthzBindAddress = text
        #expect(configuration.healthAddress?.description == address)
    }

    @Test(
        "where nothing is said it is listened at addresses of the family of bindAddress",
        arguments: [
            (nil, "0.0.0.0:10256", "127.0.0.1:10249"), ("192.0.2.1", "0.0.0.0:10256", "127.0.0.1:10249"),
            ("::", "[::]:10256", "[::1]:10249"),
        ] as [(String?, String, String)])
    func defaults(bindAddress: String?, health: String, metrics: String) {
        var configuration = KubeProxyConfiguration()
        configuration.bindAddress = bindAddress
        #expect(configuration.healthAddress?.description == health)
        #expect(configuration.metricsAddress?.description == metrics)
    }

    @Test(
        "durations as Go writes them",
        arguments: [
            ("24h0m0s", 86400), ("1h30m", 5400), ("90s", 90), ("1500ms", 1.5), ("0s", 0), ("0", 0), ("-2m", -120),
            ("+1s", 1), ("1.5h", 5400), ("", nil), ("5", nil), ("5d", nil), ("h", nil), ("1h 3m", nil), ("-", nil),
        ] as [(String, Double?)])
    func durations(text: String, seconds: Double?) { #expect(GoDuration.seconds(text) == seconds) }
}
