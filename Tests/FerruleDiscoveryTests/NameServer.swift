// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation

/// NSD, a server of zones, with the files that the program writes, in a network namespace of its own.
struct NameServer: ~Copyable {
    /// What a server has answered to a question.
    struct Answer: Equatable {
        /// `NOERROR`, `NXDOMAIN`
        let status: String
        /// The answer's records, as `NAME TTL IN TYPE VALUE`, sorted.
        let records: [String]
    }

    private let folder: TemporaryFolder

    /// - Parameter arguments: of `ferrule dns`, besides where to write.
    init(_ arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let zones = folder.url.appending(path: "zones").path
        let run = try await ProgramRun.ferrule(["dns", "-q", "-o", zones] + arguments)
        guard run.status == 0 else { throw CocoaError(.fileReadUnknown, userInfo: ["ferrule": run.standardError]) }
        var configuration = """
            server:
                ip-address: 127.0.0.1
                port: 53
                username: ""
                pidfile: ""
                database: ""
                xfrdfile: ""
                zonelistfile: "\(folder.url.path)/zone.list"
                xfrdir: "\(folder.url.path)"
            remote-control:
                control-enable: no

            """
        for file in Project.names(in: URL(filePath: zones)) {
            configuration += "zone:\n    name: \(file.dropLast(".zone".count))\n    zonefile: \"\(zones)/\(file)\"\n"
        }
        try folder.write(configuration, to: "nsd.conf")
        try folder.write(Self.script, to: "ask")
        self.folder = folder
    }

    /// Answers of the questions in a file, once the server has come up.
    private static let script = """
        set -e
        export PATH="$PATH:/usr/sbin:/sbin"
        ip link set lo up
        nsd -d -c nsd.conf > nsd.log 2>&1 &
        trap 'kill $!; wait' EXIT
        for attempt in $(seq 100); do
            dig +short +tries=1 +time=1 @127.0.0.1 . SOA > /dev/null && break
            sleep 0.1
        done
        dig +norecurse +noall +comments +answer +tries=3 +time=5 @127.0.0.1 -f questions
        """

    /// What the server answers to questions of a name and a type, one after the other.
    func answers(to questions: [String]) async throws -> [Answer] {
        try folder.write(questions.map { $0 + "\n" }.joined(), to: "questions")
        // Without root, a user may be root in a namespace.
        let unshare = geteuid() == 0 ? "unshare -n" : "unshare -rn"
        let run = try await ProgramRun.shell("\(unshare) sh ask", in: folder.url)
        let answers = run.standardOutput.split(separator: ";; Got answer:").map(Answer.init)
        guard run.status == 0, answers.count == questions.count else {
            let log = (try? String(contentsOf: folder.url.appending(path: "nsd.log"), encoding: .utf8)) ?? ""
            throw CocoaError(
                .fileReadUnknown, userInfo: ["dig": run.standardOutput + run.standardError, "nsd": log])
        }
        return answers
    }
}

extension NameServer.Answer {
    /// - Parameter text: what dig prints of one answer.
    fileprivate init(_ text: Substring) {
        status = text.firstMatch(of: /status: (\w+)/).map { String($0.1) } ?? ""
        records = text.split(separator: "\n").filter { !$0.hasPrefix(";") }
            .map { $0.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }.filter { !$0.isEmpty }.sorted()
    }
}
