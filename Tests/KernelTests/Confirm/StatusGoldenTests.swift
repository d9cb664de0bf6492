// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// `golden/status/`: what `ferrule status` says after what somebody has done to the kernel.
@Suite("golden/status/", .needsNamespaces)
struct StatusGoldenTests {
    private static let folder = Project.url("golden/status")
    private static let cases = Project.names(in: folder).filter { $0 != "input.yaml" }

    @Test("the command says what the case shows, and its exit code whether that is what was applied", arguments: cases)
    func matches(name: String) throws {
        let namespace = try Namespace("status")
        let folder = Self.folder.appending(path: name)
        let prelude = """
            set -e
            ferrule() { '\(Project.program)' "$@"; }
            apply() { ferrule apply -f input.yaml --node-name node-a --cluster-cidr 10.244.0.0/16 -q > /dev/null; }
            cd '\(Self.folder.path)'

            """
        let steps = try String(contentsOf: folder.appending(path: "steps.txt"), encoding: .utf8)
        let prepared = try namespace.run(["sh", "-c", prelude + steps])
        #expect(prepared.succeeded, "\(prepared.standardError)")

        let text = try namespace.ferrule("status", "--exit-code")
        let json = try namespace.ferrule("status", "--format", "json").standardOutput
        let isAsApplied = json.contains(#""drifted" : false"#)
        #expect(text.status == (isAsApplied ? 0 : 1))
        #expect(text.standardError == "")
        for (file, output) in [("status.txt", text.standardOutput), ("status.json", json)] {
            // The time is another each time, the version with each release, and a digest with each change of what rules are made of.
            let shown = output.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "2006-01-02T15:04:05Z")
                .replacing(/(ferrule |"version" : ")\d+\.\d+\.\d+/) { "\($0.output.1)1.2.3" }
                .replacing(/\b([0-9a-f]{32}|[0-9a-f]{12})\b/, with: "0123456789ab")
            if let difference = try Golden.difference(folder.appending(path: file), shown) {
                Issue.record("\(difference)")
            }
        }
        #expect(Project.names(in: folder).count == 3, "nothing reads a file of these")
    }

    @Test("an apply puts right whatever was done", arguments: cases)
    func putsRight(name: String) throws {
        let namespace = try Namespace("status")
        let input = Self.folder.appending(path: "input.yaml").path
        let steps = try String(contentsOf: Self.folder.appending(path: "\(name)/steps.txt"), encoding: .utf8)
        let result = try namespace.run([
            "sh", "-ec",
            """
            ferrule() { '\(Project.program)' "$@"; }
            apply() { ferrule apply -f '\(input)' --node-name node-a --cluster-cidr 10.244.0.0/16 -q > /dev/null; }
            cd '\(Self.folder.path)'
            \(steps)
            apply; ferrule status --exit-code
            """,
        ])
        #expect(result.succeeded, "\(result.standardOutput)\(result.standardError)")
    }
}
