// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// What is read, and exit codes 65 and 66.
struct InputTests {
    @Test("every path that cannot be read is named", arguments: ["render", "apply"])
    func missingFiles(command: String) async throws {
        let run = try await ProgramRun.ferrule(
            [command, "-f", "no-1.yaml", "-f", "golden/clusterip", "-f", "no-2.yaml"])
        #expect(run.status == 66)
        #expect(run.standardOutput == "")
        #expect(
            run.standardError == """
                no-1.yaml: error: there is no such file or directory
                no-2.yaml: error: there is no such file or directory

                """)
    }

    @Test("a file that exists but cannot be read is named")
    func unreadableFile() async throws {
        let run = try await ProgramRun.ferrule(["render", "-f", "/proc/self/mem"])
        #expect(run.status == 66)
        #expect(run.standardError == "/proc/self/mem: error: this file cannot be read: input or output error\n")
    }

    @Test("a directory without manifests is named")
    func emptyDirectory() async throws {
        let folder = try TemporaryFolder()
        try folder.write("no manifest\n", to: "notes.txt")
        let url = folder.url
        let run = try await ProgramRun.ferrule(["render", "-f", "."], in: url)
        #expect(run.status == 66)
        #expect(run.standardError == ".: error: there is no .yaml, .yml or .json file in this directory\n")
        withExtendedLifetime(folder) {}
    }

    @Test("an invalid input prints nothing and says how many problems it has", arguments: ["render", "apply"])
    func invalidInput(command: String) async throws {
        let run = try await ProgramRun.ferrule([command, "-f", "golden/errors/many-problems/input.yaml"])
        #expect(run.status == 65)
        #expect(run.standardOutput == "")
        #expect(run.standardError.hasPrefix("golden/errors/many-problems/input.yaml:8:14: error: Service shop/web: "))
        #expect(run.standardError.hasSuffix("\n7 errors in the input; no ruleset was made\n"))
    }

    @Test("standard input is read for -, and named in messages")
    func standardInput() async throws {
        let text = try String(contentsOf: Project.url("golden/clusterip/input.yaml"), encoding: .utf8)
        let run = try await ProgramRun.ferrule(["render", "-f", "-"], input: text)
        let fromFile = try await ProgramRun.ferrule(["render", "-f", "golden/clusterip/input.yaml"])
        #expect(run == fromFile)
        #expect(run.status == 0)
        let wrong = try await ProgramRun.ferrule(["render", "-f", "-"], input: "kind: Service\n")
        #expect(wrong.status == 65)
        #expect(wrong.standardError.hasPrefix("<stdin>:1:1: error: "))
        let empty = try await ProgramRun.ferrule(["render", "-f", "-"])
        #expect(empty.status == 65)
        #expect(empty.standardError.hasPrefix("<stdin>: error: the file is empty\n"))
    }

    @Test("pipes are read, whoever made them")
    func pipes() async throws {
        let file = "golden/clusterip/input.yaml"
        let fromFile = try await ProgramRun.ferrule(["render", "-f", file])
        for command in [
            "cat \(file) | ferrule render -f /dev/stdin", "ferrule render -f /dev/stdin < \(file)",
            "bash -c 'ferrule render -f <(cat \(file))'",
            "d=$(mktemp -d) && mkfifo $d/p && (cat \(file) > $d/p & ferrule render -f $d/p); rm -r $d",
        ] {
            let run = try await ProgramRun.shell(command)
            #expect(run == fromFile, "\(command)")
        }
    }

    @Test("a device that never ends is not read to its end")
    func endlessDevice() async throws {
        let run = try await ProgramRun.ferrule(["render", "-f", "/dev/zero"])
        #expect(run.status == 65)
        #expect(run.standardError.hasPrefix("/dev/zero: error: the text is UTF-32, but must be UTF-8\n"))
    }

    @Test(
        "kinds that a command passes over are of no effect on its result, or left to the command that reads them",
        arguments: [
            ("render", "the ruleset", "ferrule ingress: IngressClass 1, Secret 1"),
            ("validate", "the ruleset", "ferrule ingress --tls-directory: Secret 1"),
            ("ingress", "the configuration", "ferrule ingress --tls-directory: Secret 1"),
            ("dns", "the names", "ferrule ingress: IngressClass 1, Secret 1"),
        ])
    func skippedKinds(command: String, result: String, left: String) async throws {
        let input = """
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { clusterIP: 10.96.0.80, ports: [{ port: 80 }] }
            ---
            { apiVersion: v1, kind: ConfigMap, metadata: { name: web } }
            ---
            { apiVersion: v1, kind: ResourceQuota, metadata: { name: few }, spec: { hard: { services: 1 } } }
            ---
            { apiVersion: v1, kind: Secret, metadata: { name: web } }
            ---
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: { name: inside }
            spec: { controller: example.com/inside }

            """
        let run = try await ProgramRun.ferrule([command, "-f", "-"], input: input)
        #expect(run.status == 0)
        let notes = run.standardError.split(separator: "\n").filter {
            $0.contains("Secret") || $0.contains("ConfigMap")
        }
        #expect(notes == ["skipped, of no effect on \(result): ConfigMap 1", "left to \(left)"])
    }
}
