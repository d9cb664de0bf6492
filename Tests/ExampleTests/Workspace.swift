// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation

/// What a forge has checked out for a pipeline: a repository whose `main` has gone on since a change was begun, and the
/// change merged into it.
struct Workspace: ~Copyable {
    private let folder: TemporaryFolder
    /// Where the forge is.
    private let server: String
    /// Where `main` was when the change was begun.
    private let start: String

    /// The checked out repository.
    var url: URL { folder.url.appending(path: "work") }

    /// - Parameter merged: whether what is checked out is the merge into `main`, as GitHub does, or the change alone.
    init(merged: Bool, server: String) async throws {
        let folder = try TemporaryFolder()
        let example = Project.url("examples/ci").path
        let made = try await Workspace.git(
            """
            git init -q -b main work && cd work
            cp -r '\(example)/base/manifests' . && git add . && git commit -q -m start && git rev-parse HEAD
            git checkout -q -b change
            cp '\(example)'/manifests/* manifests && git add . && git commit -q -m change
            git checkout -q main
            printf '%s\\n' 'apiVersion: v1' 'kind: Service' 'metadata: { name: other, namespace: shop }' \
                'spec: { clusterIP: 10.96.7.7, ports: [{ port: 80 }] }' > manifests/other.yaml
            git add . && git commit -q -m 'of somebody else'
            git checkout -q --detach \(merged ? "main && git merge -q --no-ff -m merge change" : "change")
            """, in: folder.url)
        self.folder = folder
        self.server = server
        start = made.standardOutput.split(separator: "\n").first.map(String.init) ?? ""
        giveAway()
    }

    /// Puts a file into the commit that is checked out, as another push does; the pipeline then starts with a folder
    /// without what the last one left, whose `.git` knows of it.
    func push(_ text: String, to file: String) async throws {
        _ = try await Workspace.git("git clean -qffdx", in: url)
        try FileManager.default.createDirectory(
            at: url.appending(path: file).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url.appending(path: file))
        _ = try await Workspace.git("git add . && git commit -q --amend -m push", in: url)
        giveAway()
    }

    /// Runs a step as the forge does: in a shell of its own that ends at the first command that fails.
    func run(_ step: Pipeline.Step, with more: [String: String?] = [:]) async throws -> ProgramRun {
        let script = folder.url.appending(path: "step.sh")
        try Data(step.script.utf8).write(to: script)
        let fixed = [
            "HOME": folder.url.path, "GITHUB_STEP_SUMMARY": folder.url.appending(path: "summary.md").path,
            "GITHUB_API_URL": server, "GITHUB_REPOSITORY": "shop/cluster",
            "CI_API_V4_URL": server, "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "5",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": start, "PLAN_TOKEN": CommentServer.token,
        ]
        let variables = fixed.merging(step.variables) { $1 }.mapValues { String?.some($0) }.merging(more) { $1 }
        return try await ProgramRun.shell("exec sh -e '\(script.path)'", in: url, environment: variables)
    }

    /// What a step wrote into the checked out folder.
    func text(_ file: String) throws -> String {
        try String(contentsOf: url.appending(path: file), encoding: .utf8)
    }

    /// What stands in the summary of the run.
    func summary() throws -> String {
        try String(contentsOf: folder.url.appending(path: "summary.md"), encoding: .utf8)
    }

    /// In a container a pipeline is root in a folder of the runner's user, which git minds.
    private func giveAway() {
        guard geteuid() == 0 else { return }
        _ = unsafe chown(url.path, 1001, 1001)
        _ = unsafe chown(url.appending(path: ".git").path, 1001, 1001)
    }

    private static func git(_ script: String, in folder: URL) async throws -> ProgramRun {
        let prelude = """
            set -e
            git() {
                command git -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false \
                    -c safe.directory='*' "$@"
            }

            """
        let run = try await ProgramRun.shell(prelude + script, in: folder)
        guard run.status == 0 else { throw CocoaError(.fileReadUnknown, userInfo: ["git": run.standardError]) }
        return run
    }
}
