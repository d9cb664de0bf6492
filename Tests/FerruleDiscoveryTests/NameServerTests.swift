// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// Servers of others read the zones, and answer from them.
struct NameServerTests {
    private static let cluster = ["-f", "golden/dns-cluster/input.yaml"]

    @Test(
        "BIND takes each zone file, without a word",
        arguments: [
            cluster, ["-f", "golden/dns-names-not-held/input.yaml"],
            ["-f", "golden/dns-names-not-held/input.yaml", "--ttl", "0"],
            cluster + ["--domain", "k8s.example", "--reverse", "10.96.0.0/16,10.0.0.0/8,fd00::/8", "--ttl", "900"],
            ["-f", "Tests/Data/shop-cluster.json"],
        ])
    func bind(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let written = try await ProgramRun.ferrule(["dns", "-q", "-o", folder.url.path] + arguments)
        #expect(written.status == 0, "\(written.standardError)")
        let files = Project.names(in: folder.url)
        #expect(files.count >= 3)
        for file in files {
            let zone = file.dropLast(".zone".count)
            let run = try await ProgramRun.shell(
                "PATH=$PATH:/usr/sbin named-checkzone -i full -k fail -m fail -n fail -r fail \(zone) ./\(file)",
                in: folder.url)
            #expect(run.status == 0 && run.standardError == "")
            // Nothing but that it was loaded.
            #expect(
                run.standardOutput.wholeMatch(of: /zone \S+: loaded serial \d+\nOK\n/) != nil, "\(run.standardOutput)")
        }
        withExtendedLifetime(folder) {}
    }

    /// Questions, each with the records that CoreDNS gives, without the name that was asked for and the class.
    private static let answers: [(question: String, records: [String])] = [
        ("kubernetes.default.svc.cluster.local A", ["5 A 10.96.0.1"]),
        ("kubernetes.default.svc.cluster.local AAAA", []),
        ("kube-dns.kube-system.svc.cluster.local A", ["5 A 10.96.0.10"]),
        ("kube-dns.kube-system.svc.cluster.local AAAA", ["5 AAAA fd00:10:96::a"]),
        // In whatever case.
        ("WEB.Shop.SVC.cluster.LOCAL A", ["5 A 10.96.7.1"]),
        ("_http._tcp.web.shop.svc.cluster.local SRV", ["5 SRV 0 100 80 web.shop.svc.cluster.local."]),
        ("_signal._sctp.web.shop.svc.cluster.local SRV", ["5 SRV 0 100 5060 web.shop.svc.cluster.local."]),
        (
            "_dns._udp.kube-dns.kube-system.svc.cluster.local SRV",
            ["5 SRV 0 50 53 kube-dns.kube-system.svc.cluster.local."]
        ),
        ("10-244-1-7.web.shop.svc.cluster.local A", ["5 A 10.244.1.7"]),
        ("store.data.svc.cluster.local A", ["5 A 10.244.1.20", "5 A 10.244.2.20"]),
        ("store.data.svc.cluster.local AAAA", ["5 AAAA fd00:10:244:1::20", "5 AAAA fd00:10:244:2::20"]),
        ("store-1.store.data.svc.cluster.local A", ["5 A 10.244.2.20"]),
        ("store-1.store.data.svc.cluster.local AAAA", ["5 AAAA fd00:10:244:2::20"]),
        (
            "_client._tcp.store.data.svc.cluster.local SRV",
            [
                "5 SRV 0 25 9042 store-0.store.data.svc.cluster.local.",
                "5 SRV 0 25 9042 store-1.store.data.svc.cluster.local.",
            ]
        ),
        ("gossip.data.svc.cluster.local A", ["5 A 10.244.1.30"]),
        ("fd00-10-244-1--0.gossip.data.svc.cluster.local AAAA", ["5 AAAA fd00:10:244:1::"]),
        ("payments.shop.svc.cluster.local A", ["5 CNAME payments.example.com."]),
        ("10-244-1-7.shop.pod.cluster.local A", ["5 A 10.244.1.7"]),
        ("1.7.96.10.in-addr.arpa PTR", ["5 PTR web.shop.svc.cluster.local."]),
        ("20.2.244.10.in-addr.arpa PTR", ["5 PTR store-1.store.data.svc.cluster.local."]),
        ("7.1.244.10.in-addr.arpa PTR", ["5 PTR 10-244-1-7.web.shop.svc.cluster.local."]),
        (
            "a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa PTR",
            ["5 PTR kube-dns.kube-system.svc.cluster.local."]
        ),
        ("dns-version.cluster.local TXT", ["28800 TXT \"1.1.0\""]),
        ("cluster.local NS", ["5 NS kube-dns.kube-system.svc.cluster.local."]),
        ("ns.dns.cluster.local A", ["5 A 10.96.0.10"]),
        // A namespace has no address.
        ("shop.svc.cluster.local A", []),
    ]

    /// Names that there are not.
    private static let absent = [
        // Endpoints that are not ready.
        "store-2.store.data.svc.cluster.local A", "10-244-2-8.web.shop.svc.cluster.local A",
        "20.3.244.10.in-addr.arpa PTR",
        // A pod that has ended, and one that there is not.
        "10-244-1-9.shop.pod.cluster.local A", "10-244-1-99.shop.pod.cluster.local A",
        // Nothing is answered for what is not asked by its whole name.
        "*.shop.svc.cluster.local A", "nobody.shop.svc.cluster.local A", "web.svc.cluster.local A",
        "_http._udp.web.shop.svc.cluster.local SRV",
    ]

    @Test("NSD answers from the zone files as CoreDNS answers for the cluster")
    func answers() async throws {
        let server = try await NameServer(Self.cluster)
        let found = try await server.answers(to: Self.answers.map(\.question) + Self.absent)
        for ((question, records), answer) in zip(Self.answers, found) {
            let name = question.split(separator: " ")[0]
            let expected = records.map { record in
                let parts = record.split(separator: " ", maxSplits: 1)
                return "\(name). \(parts[0]) IN \(parts[1])"
            }
            #expect(answer == NameServer.Answer(status: "NOERROR", records: expected.sorted()), "\(question)")
        }
        for (question, answer) in zip(Self.absent, found.dropFirst(Self.answers.count)) {
            #expect(answer == NameServer.Answer(status: "NXDOMAIN", records: []), "\(question)")
        }
    }

    @Test("NSD answers each record of the JSON, and no other of its name and type")
    func allRecords() async throws {
        let input = ["-f", "Tests/Data/shop-cluster.json"]
        let json = try await ProgramRun.ferrule(["dns", "-q", "--format", "json"] + input).standardOutput
        let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
        #expect(document.version == 1 && document.zones.map(\.name) == ["cluster.local", "in-addr.arpa", "ip6.arpa"])
        let records = Dictionary(grouping: document.zones.flatMap(\.records)) { "\($0.name) \($0.type)" }
        #expect(records.count > 300)
        let questions = records.keys.sorted()
        let found = try await NameServer(input).answers(to: questions)
        let wrong = zip(questions, found).filter { question, answer in
            answer.records
                != records[question, default: []].map { "\($0.name) \($0.ttl) IN \($0.type) \($0.value)" }.sorted()
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    private struct Document: Decodable {
        struct Zone: Decodable {
            let name: String
            let records: [Record]
        }

        struct Record: Decodable {
            let name: String
            let ttl: Int
            let type: String
            let value: String
        }

        let version: Int
        let zones: [Zone]
    }
}
