// SPDX-License-Identifier: Apache-2.0

import FerruleManifests
import FerruleTestSupport
import Foundation
import Testing

/// A pipeline of `examples/ci`, as what its shell runs.
struct Pipeline: Sendable, CustomTestStringConvertible {
    /// A shell script of its own, as both forges run it: the first command that fails ends it.
    struct Step: Sendable {
        let name: String
        let script: String
        /// What the file sets for this step.
        let variables: [String: String]
    }

    let testDescription: String
    let steps: [Step]

    func step(_ name: String) -> Step? { steps.first { $0.name == name } }

    static let github = Pipeline(
        testDescription: "GitHub", steps: githubSteps(in: yaml("github-workflow.yaml")))
    static let gitlab = Pipeline(testDescription: "GitLab", steps: gitlabSteps(in: yaml("gitlab-ci.yaml")))

    private static func yaml(_ file: String) -> [String: Any] {
        let text = try? Data(contentsOf: Project.url("examples/ci/\(file)"))
        let json = text.flatMap { try? SingleDocument.json(of: $0) }
        return json.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any] ?? [:]
    }

    /// What the forge puts in the place of expressions in the variables of a step.
    private static let expressions = [
        "${{ github.token }}": CommentServer.token, "${{ github.event.pull_request.number }}": "5",
    ]

    private static func githubSteps(in file: [String: Any]) -> [Step] {
        let job = (file["jobs"] as? [String: Any])?["plan"] as? [String: Any]
        return (job?["steps"] as? [[String: Any]] ?? []).compactMap { step in
            guard let name = step["name"] as? String, let script = step["run"] as? String else { return nil }
            let variables = step["env"] as? [String: String] ?? [:]
            return Step(name: name, script: script, variables: variables.mapValues { expressions[$0] ?? $0 })
        }
    }

    /// The three scripts of the job, by the names that the steps of the workflow have.
    private static func gitlabSteps(in file: [String: Any]) -> [Step] {
        let job = file["service-plan"] as? [String: Any] ?? [:]
        let variables = (job["variables"] as? [String: Any] ?? [:]).mapValues { "\($0)" }
        return [("Install Ferrule", "before_script"), ("Plan", "script"), ("Comment", "after_script")].map {
            let lines = job[$0.1] as? [String] ?? []
            return Step(name: $0.0, script: lines.joined(separator: "\n"), variables: variables)
        }
    }
}
