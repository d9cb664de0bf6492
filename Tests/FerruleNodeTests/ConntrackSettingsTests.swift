// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleTestSupport
import Foundation
import Testing

@testable import FerruleNode

@Suite struct ConntrackSettingsTests {
    @Test("what is not said is as kube-proxy has it, and what is said as zero is left alone")
    func values() {
        var configuration = KubeProxyConfiguration.Conntrack()
        #expect(
            ConntrackSettings(configuration, cores: 8).values == [
                "nf_conntrack_max": "262144", "nf_conntrack_tcp_timeout_established": "86400",
                "nf_conntrack_tcp_timeout_close_wait": "3600",
            ])
        (configuration.maxPerCore, configuration.udpTimeout, configuration.tcpCloseWaitTimeout) = (0, "0s", "0")
        (configuration.tcpEstablishedTimeout, configuration.tcpBeLiberal) = ("12h0m0s", false)
        #expect(ConntrackSettings(configuration, cores: 2).values == ["nf_conntrack_tcp_timeout_established": "43200"])
        (configuration.maxPerCore, configuration.tcpBeLiberal) = (32_768, true)
        let values = ConntrackSettings(configuration, cores: 2).values
        #expect(values["nf_conntrack_max"] == "131072" && values["nf_conntrack_tcp_be_liberal"] == "1")
        configuration.udpStreamTimeout = "1500ms"
        #expect(ConntrackSettings(configuration, cores: 2).values["nf_conntrack_udp_timeout_stream"] == "1")
    }

    @Test(
        "a number for each core is capped before the least is looked at",
        arguments: [
            (32_768, nil, 32, 1_048_576), (32_768, nil, 64, 1_048_576), (32_768, 2_000_000, 64, 1_048_576),
            (32_768, 2_000_000, 2, 2_000_000), (.max, nil, 64, 1_048_576), (10, nil, 2, 131_072),
        ] as [(Int, Int?, Int, Int)])
    func most(perCore: Int, least: Int?, cores: Int, most: Int) {
        var configuration = KubeProxyConfiguration.Conntrack()
        (configuration.maxPerCore, configuration.min) = (perCore, least)
        #expect(ConntrackSettings(configuration, cores: cores).values["nf_conntrack_max"] == "\(most)")
    }

    @Test("only what differs is written, the number of connections never made smaller, and what cannot be is said")
    func writes() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.url
        let longAgo = Date(timeIntervalSince1970: 1_000_000_000)
        for (name, value) in [
            ("nf_conntrack_max", "262144\n"), ("nf_conntrack_tcp_timeout_established", "432000\n"),
            ("nf_conntrack_udp_timeout_stream", "120\n"),
        ] {
            try temporary.write(value, to: name)
            try FileManager.default.setAttributes(
                [.modificationDate: longAgo], ofItemAtPath: folder.appending(path: name).path)
        }
        var configuration = KubeProxyConfiguration.Conntrack()
        (configuration.maxPerCore, configuration.tcpEstablishedTimeout) = (32_768, "24h")
        (configuration.tcpCloseWaitTimeout, configuration.udpTimeout) = ("0", "30s")
        configuration.udpStreamTimeout = "2m"
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let settings = ConntrackSettings(configuration, cores: 2)
        let problems = settings.write(below: folder.path)
        let path = folder.path + "/nf_conntrack_udp_timeout"
        #expect(
            problems.map(\.description) == ["\(path) cannot be set to 30: No such file or directory (ENOENT, 2)"])
        // It comes with a module, and is written then.
        #expect(problems.map(\.isMissing) == [true] && problems.map(\.name) == ["nf_conntrack_udp_timeout"])
        try "60\n".write(toFile: path, atomically: true, encoding: .utf8)
        let missing = settings.only(["nf_conntrack_udp_timeout"])
        #expect(missing.values.count == 1 && missing.write(below: folder.path).isEmpty)
        #expect(try text("nf_conntrack_udp_timeout").hasPrefix("30"))
        #expect(try text("nf_conntrack_max") == "262144\n")
        #expect(try text("nf_conntrack_tcp_timeout_established").hasPrefix("86400"))
        func isWritten(_ name: String) throws -> Bool {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
            return attributes[.modificationDate] as? Date != longAgo
        }
        #expect(try isWritten("nf_conntrack_tcp_timeout_established"))
        for name in ["nf_conntrack_max", "nf_conntrack_udp_timeout_stream"] { #expect(try !isWritten(name), "\(name)") }
    }
}
