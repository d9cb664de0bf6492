// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// The commands of the pipelines in `examples/ci`, on the small example beside them.
@Suite("examples/ci")
struct PipelineTests {
    private static let folder = Project.url("examples/ci")

    private static func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// The lines that stand deeper than the one before them, without their indentation.
    private static func block(after header: String, in file: String) throws -> [String] {
        let lines = try text(file).split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.trimmingPrefix { $0 == " " } == header })
        let depth = lines[start].prefix { $0 == " " }.count
        return lines[(start + 1)...].prefix { $0.prefix { $0 == " " }.count > depth }.map { line in
            String(line.trimmingPrefix { $0 == " " })
        }
    }

    @Test("the workflow of GitHub Actions makes the plan that its README shows")
    func github() async throws {
        let steps = try Self.text("github-workflow.yaml").split(separator: "- name: ")
        let plan = try #require(steps.first { $0.hasPrefix("Plan\n") })
        let commands = try #require(plan.split(separator: "run: |\n").last)
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: Self.folder.appending(path: "manifests"), to: copy.url.appending(path: "manifests"))
        try FileManager.default.copyItem(at: Self.folder.appending(path: "base"), to: copy.url.appending(path: "base"))
        let run = try await ProgramRun.shell("set -e\nexport GITHUB_STEP_SUMMARY=summary.md\n\(commands)", in: copy.url)
        #expect(run.status == 0, "\(run.standardError)")
        let text = try String(contentsOf: copy.url.appending(path: "plan.md"), encoding: .utf8)
        #expect(text.hasPrefix("### Ferrule plan: 1 to add, 2 to change, 0 to remove\n"))
        #expect(try Self.text("README.md").contains(text))
        #expect(try String(contentsOf: copy.url.appending(path: "summary.md"), encoding: .utf8) == text)
        withExtendedLifetime(copy) {}
    }

    @Test("the job of GitLab makes the same plan in a repository of two commits")
    func gitlab() async throws {
        let commands = try Self.block(after: "script:", in: "gitlab-ci.yaml").map { $0.trimmingPrefix("- ") }
        let copy = try TemporaryFolder()
        let example = Self.folder.path
        let run = try await ProgramRun.shell(
            """
            set -e
            git() { command git -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false "$@"; }
            git init -q .
            cp -r '\(example)/base/manifests' . && git add . && git commit -q -m base
            export CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse HEAD)
            cp -r '\(example)/manifests' . && git add . && git commit -q -m change
            \(commands.joined(separator: "\n"))
            """, in: copy.url)
        #expect(run.status == 0, "\(run.standardError)")
        #expect(try Self.text("README.md").contains(run.standardOutput) && !run.standardOutput.isEmpty)
        withExtendedLifetime(copy) {}
    }
}
