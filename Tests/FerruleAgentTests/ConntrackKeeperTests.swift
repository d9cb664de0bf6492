// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleTestSupport
import Foundation
import Testing

@testable import FerruleAgent

@Suite struct ConntrackKeeperTests {
    /// Asks for one setting alone.
    private func configuration(_ time: String) -> KubeProxyConfiguration.Conntrack {
        var configuration = KubeProxyConfiguration.Conntrack()
        (configuration.maxPerCore, configuration.tcpCloseWaitTimeout) = (0, "0s")
        configuration.tcpEstablishedTimeout = time
        return configuration
    }

    @Test("a setting that comes with the first transaction is as it was wanted last")
    func wantedLast() throws {
        let folder = try TemporaryFolder()
        let log = RecordedLog()
        let conntrack = ConntrackKeeper(log.logger, below: folder.url.path)
        for time in ["1h", "2h"] { conntrack.want(configuration(time)) }
        #expect(log.text.isEmpty, "\(log.text)")
        let name = "nf_conntrack_tcp_timeout_established"
        try folder.write("0\n", to: name)
        conntrack.writeMissing()
        let text = try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
        #expect(text == "7200")
        #expect(log.text.isEmpty, "\(log.text)")
    }

    @Test("one that is missing after the first transaction is said, then and whenever another value is wanted")
    func missing() throws {
        let folder = try TemporaryFolder()
        let log = RecordedLog()
        let conntrack = ConntrackKeeper(log.logger, below: folder.url.path)
        conntrack.want(configuration("1h"))
        conntrack.writeMissing()
        conntrack.want(configuration("2h"))
        let lines = log.text.split(separator: "\n")
        try #require(lines.count == 2, "\(lines)")
        #expect(lines[0].contains("cannot be set to 3600") && lines[1].contains("cannot be set to 7200"), "\(lines)")
    }
}
