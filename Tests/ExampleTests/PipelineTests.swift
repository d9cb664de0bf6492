// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// The pipelines in `examples/ci`: what their shells do in a repository, with a forge that takes comments.
@Suite("examples/ci")
struct PipelineTests {
    /// A pipeline, and what the forge has checked out for it.
    struct Case: Sendable, CustomTestStringConvertible {
        let pipeline: Pipeline
        let isMerged: Bool
        var variables: [String: String?] = [:]

        var testDescription: String { "\(pipeline.testDescription)\(isMerged ? ", merged" : "")" }
    }

    private static let cases = [
        Case(pipeline: .github, isMerged: true), Case(pipeline: .gitlab, isMerged: false),
        Case(pipeline: .gitlab, isMerged: true, variables: ["CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"]),
    ]
    private static let marker = "<!-- ferrule plan -->\n"
    private static let invalid = """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec: { ports: [{ port: 80000 }] }

        """

    /// More than a page of comments of others, of which one looks like the pipeline's own.
    private static let others = (0..<130).map { number in
        CommentServer.Comment(
            id: number + 1, author: number == 3 ? .pipeline : .somebody,
            body: number == 5 ? marker + "### Ferrule plan, quoted" : "comment \(number)")
    }

    private func plan(_ test: Case, in workspace: borrowing Workspace) async throws -> ProgramRun {
        try await workspace.run(#require(test.pipeline.step("Plan")), with: test.variables)
    }

    private func comment(_ test: Case, in workspace: borrowing Workspace) async throws -> ProgramRun {
        try await workspace.run(#require(test.pipeline.step("Comment")), with: test.variables)
    }

    @Test(
        "the plan is that of the change alone, and the same again in the folder that the first run left",
        arguments: cases)
    func plans(test: Case) async throws {
        let workspace = try await Workspace(merged: test.isMerged, server: "")
        for _ in 1...2 {
            let run = try await plan(test, in: workspace)
            #expect(run.status == 0, "\(run.standardError)")
            let text = try workspace.text("plan.md")
            if let difference = try Golden.difference(Project.url("examples/ci/plan.md"), text) {
                Issue.record("\(difference)")
            }
            let shown = try test.pipeline.testDescription == "GitHub" ? workspace.summary() : run.standardOutput
            #expect(shown.hasSuffix(text))
        }
    }

    @Test("one comment is made and edited, by the plan and by the errors of an invalid input", arguments: cases)
    func comments(test: Case) async throws {
        let server = try CommentServer(comments: Self.others)
        let workspace = try await Workspace(merged: test.isMerged, server: server.url)
        let good = try String(contentsOf: Project.url("examples/ci/plan.md"), encoding: .utf8)
        let error = "manifests/web.yaml:4:25: error: Service shop/web: spec.ports[0].port: "
        let pushes: [(file: String, text: String, status: Int)] = [
            ("README.md", "the first\n", 0), ("README.md", "the second\n", 0),
            ("manifests/web.yaml", Self.invalid, 65), ("manifests/web.yaml", Self.invalid + "\n", 65),
            ("manifests/web.yaml", "---\n", 0),
        ]
        for push in pushes {
            try await workspace.push(push.text, to: push.file)
            let run = try await plan(test, in: workspace)
            #expect(run.status == push.status, "\(run.standardError)")
            if push.status != 0 { #expect(run.standardError.contains(error)) }
            let posted = try await comment(test, in: workspace)
            #expect(posted == ProgramRun(status: 0, standardOutput: "", standardError: ""))
            #expect(server.comments.dropLast() == Self.others[...], "comments of others are left alone")
            let own = try #require(server.comments.last)
            if push.status == 0 {
                #expect(own.body == Self.marker + good)
            } else {
                #expect(own.body.hasPrefix(Self.marker + "### Ferrule plan: none, exit code 65\n\n    "))
                #expect(own.body.contains("\n    " + error))
                #expect(own.body.split(separator: "\n").dropFirst(2).allSatisfy { $0.hasPrefix("    ") })
            }
        }
    }

    @Test(
        "a statement that does not hold fails the step, and stands in the comment with what holds instead",
        arguments: cases)
    func statements(test: Case) async throws {
        let workspace = try await Workspace(merged: test.isMerged, server: "")
        let statements = try workspace.text("manifests/traffic.yaml")
        #expect(statements.contains("goesTo: pods shop/cart"))
        try await workspace.push(
            statements.replacing("goesTo: pods shop/cart", with: "goesTo: pods shop/search"),
            to: "manifests/traffic.yaml")
        let run = try await plan(test, in: workspace)
        #expect(run.status == 1, "\(run.standardError)")
        let text = try workspace.text("plan.md")
        #expect(
            text.contains(
                "\n### Statements that do not hold\n\n    manifests/traffic.yaml:6:3: does not hold: from pod "))
        #expect(text.hasSuffix("\n    4 statements, 3 hold, 1 does not\n"))
    }

    @Test("of more than a comment takes there is as much as fits", arguments: cases)
    func manyStatements(test: Case) async throws {
        let server = try CommentServer()
        let workspace = try await Workspace(merged: test.isMerged, server: server.url)
        let statements = try workspace.text("manifests/traffic.yaml")
        let wrong = statements.split(separator: "\n").filter { $0.contains("goesTo: pods shop/cart") }.joined()
            .replacing("goesTo: pods shop/cart", with: "goesTo: pods shop/search")
        try #require(wrong.contains("goesTo: pods shop/search"))
        try await workspace.push(
            statements + String(repeating: wrong + "\n", count: 100), to: "manifests/traffic.yaml")
        let run = try await plan(test, in: workspace)
        #expect(run.status == 1)
        #expect(run.standardError.contains("104 statements, 4 hold, 100 do not\n"))
        let posted = try await comment(test, in: workspace)
        #expect(posted == ProgramRun(status: 0, standardOutput: "", standardError: ""))
        let body = try #require(server.comments.first).body
        #expect(body.hasPrefix(Self.marker + "### Ferrule plan: 1 to add, 2 to change, 0 to remove\n"))
        #expect(body.contains("\n### Statements that do not hold\n\n    manifests/traffic.yaml:"))
        #expect(body.hasSuffix("\n\n**Cut here**: the log of the pipeline has the rest.\n") && body.count > 60_000)
    }

    @Test("a mistake in the statements fails the step, and stands in the comment in their place", arguments: cases)
    func mistake(test: Case) async throws {
        let workspace = try await Workspace(merged: test.isMerged, server: "")
        let statements = try workspace.text("manifests/traffic.yaml")
        try await workspace.push(statements.replacing("goesTo:", with: "goseTo:"), to: "manifests/traffic.yaml")
        let run = try await plan(test, in: workspace)
        #expect(run.status == 65, "\(run.standardError)")
        let text = try workspace.text("plan.md")
        #expect(
            text.contains("\n### Statements: not checked, exit code 65\n\n    manifests/traffic.yaml:6:"), "\(text)")
        #expect(text.contains(" error: "))
        let report = workspace.url.appending(path: "test.xml").path
        #expect(!FileManager.default.fileExists(atPath: report))
    }

    @Test("asked to, the step fails on a change, which is no error", arguments: cases)
    func exitCode(test: Case) async throws {
        let workspace = try await Workspace(merged: test.isMerged, server: "")
        let step = try #require(test.pipeline.step("Plan"))
        let script = step.script.replacing("--format markdown", with: "--format markdown --exit-code")
        let run = try await workspace.run(
            Pipeline.Step(name: step.name, script: script, variables: step.variables), with: test.variables)
        #expect(run.status == 1)
        #expect(try workspace.text("plan.md").hasPrefix("### Ferrule plan: 1 to add, 2 to change, 0 to remove\n"))
    }

    @Test("a folder that there was none of before is all new", arguments: cases)
    func firstManifests(test: Case) async throws {
        let workspace = try await Workspace(merged: test.isMerged, server: "")
        let step = try #require(test.pipeline.step("Plan"))
        let script = step.script.replacing("manifests", with: "services")
        try await workspace.push(Self.invalid.replacing("80000", with: "80"), to: "services/web.yaml")
        let run = try await workspace.run(
            Pipeline.Step(name: step.name, script: script, variables: step.variables), with: test.variables)
        #expect(run.status == 0, "\(run.standardError)")
        #expect(try workspace.text("plan.md").hasPrefix("### Ferrule plan: 1 to add, 0 to change, 0 to remove\n"))
    }

    @Test("a forge that refuses fails the step, and says why", arguments: [Pipeline.github, .gitlab])
    func refused(pipeline: Pipeline) async throws {
        let server = try CommentServer()
        let workspace = try await Workspace(merged: true, server: server.url)
        let test = Case(
            pipeline: pipeline, isMerged: true, variables: ["TOKEN": "another", "PLAN_TOKEN": "another"])
        _ = try await plan(test, in: workspace)
        let posted = try await comment(test, in: workspace)
        #expect(posted.status != 0 && posted.standardError.contains("401"))
        #expect(server.comments == [])
    }

    @Test("without a token GitLab's job leaves the plan as an artifact")
    func withoutToken() async throws {
        let workspace = try await Workspace(merged: true, server: "")
        let test = Case(pipeline: .gitlab, isMerged: true, variables: ["PLAN_TOKEN": nil])
        _ = try await plan(test, in: workspace)
        let run = try await comment(test, in: workspace)
        #expect(run == ProgramRun(status: 0, standardOutput: "", standardError: ""))
    }

    @Test(
        "the package is installed, or else the sources are built, with what the image lacks, also again",
        arguments: [Pipeline.github, .gitlab], [true, false])
    func installs(pipeline: Pipeline, isPackaged: Bool) async throws {
        let workspace = try await Workspace(merged: true, server: "")
        let step = try #require(pipeline.step("Install Ferrule"))
        // The programs of Debian's base and git are there; apt-get brings others.
        let folder = workspace.url.deletingLastPathComponent()
        let (programs, sources) = (folder.appending(path: "programs"), folder.appending(path: "sources"))
        let made = try await ProgramRun.shell(
            """
            set -e; mkdir '\(programs.path)' && cd '\(programs.path)'
            for name in sh rm git mkdir chmod cat; do ln -s "$(command -v $name)" $name; done
            cat > apt-get <<'END'
            #!/bin/sh -e
            if [ "$1" = update ]; then touched=1; fi
            shift
            for word; do
                case $word in
                --*) ;;
                ./*) echo "installs $word" >> made ;;
                *)
                    if [ -e "${0%/*}/$word" ]; then continue; fi
                    printf '#!/bin/sh\\necho %s "$@" >> made\\n' "$word" > "${0%/*}/$word"; chmod +x "${0%/*}/$word" ;;
                esac
            done
            END
            chmod +x apt-get
            git init -q '\(sources.path)' && cd '\(sources.path)'
            git -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false commit -q --allow-empty -m sources
            """, in: workspace.url)
        #expect(made.status == 0, "\(made.standardError)")
        let package = isPackaged ? "https://example.org/ferrule.deb" : ""
        let variables = [
            "PATH": programs.path, "FERRULE_PACKAGE": package, "FERRULE_REPOSITORY": "file://\(sources.path)",
        ]
        for _ in 1...2 {
            let run = try await workspace.run(step, with: variables)
            #expect(run.status == 0, "\(run.standardError)")
        }
        let round =
            isPackaged
            ? """
            curl --fail --silent --show-error --location --output ferrule.deb \(package)
            installs ./ferrule.deb

            """ : "make -C .ferrule install\n"
        #expect(try workspace.text("made") == round + round)
        for program in ["curl", "jq"] {
            #expect(FileManager.default.isExecutableFile(atPath: programs.appending(path: program).path))
        }
    }

    @Test("all that a shell runs is its own: expressions stand in variables", arguments: [Pipeline.github, .gitlab])
    func expressions(pipeline: Pipeline) {
        #expect(pipeline.steps.map(\.name) == ["Install Ferrule", "Plan", "Comment"])
        for step in pipeline.steps {
            #expect(!step.script.contains("${{"))
            for value in step.variables.values { #expect(!value.contains("${{")) }
        }
    }
}
