// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Testing

/// Whose variables `ferrule env` is asked for.
struct EnvTests {
    private static let input = ["-f", "golden/env-namespace/input.yaml"]

    @Test(
        "a pod is meant by NAMESPACE/NAME, or by its name in the namespace of -n",
        arguments: [["--pod", "shop/web-0"], ["--pod", "web-0", "-n", "shop"]])
    func pod(arguments: [String]) async throws {
        let run = try await ProgramRun.ferrule(["env"] + arguments + Self.input)
        #expect(run.status == 0 && run.standardError == "")
        #expect(run.standardOutput.hasPrefix("KUBERNETES_SERVICE_HOST=10.96.0.1\n"))
    }

    @Test(
        "who is not there is an error that names the nearest",
        arguments: [
            (["--pod", "shop/web-1"], "error: the input has no pod shop/web-1; did you mean shop/web-0?\n"),
            (["--pod", "web-0"], "error: the input has no pod default/web-0; did you mean shop/web-0?\n"),
            (
                ["--pod", "shop/cart"],
                "error: the input has no pod shop/cart\nhint: --namespace shop is about any pod of the namespace\n"
            ),
            (["--pod", "nowhere/xyzzy"], "error: the input has no pod nowhere/xyzzy\n"),
            (["--namespace", "shp"], "error: the input has no namespace shp; did you mean shop?\n"),
            (["--namespace", "storage"], "error: the input has no namespace storage\n"),
        ])
    func suggests(arguments: [String], message: String) async throws {
        let run = try await ProgramRun.ferrule(["env"] + arguments + Self.input)
        #expect(run == ProgramRun(status: 65, standardOutput: "", standardError: message))
    }

    @Test(
        "--namespace moves no objects: those that say none are in default, where they have the address of the ruleset")
    func movesNothing() async throws {
        func run(_ namespace: String) async throws -> ProgramRun {
            try await ProgramRun.ferrule(["env", "-q", "-f", "examples/04-multi-port", "--namespace", namespace])
        }
        let ruleset = try await ProgramRun.ferrule(["get", "-q", "-f", "examples/04-multi-port"]).standardOutput
        let variables = try await run("default").standardOutput
        let address = try #require(variables.firstMatch(of: /WEB_SERVICE_HOST=(\S+)/)).1
        #expect(ruleset.contains(" \(address) "))
        let unknown = "error: the input has no namespace"
        let hint = "hint: objects that say no namespace are in default: --namespace default is about them"
        #expect(
            try await run("shop")
                == ProgramRun(status: 65, standardOutput: "", standardError: "\(unknown) shop\n\(hint)\n"))
        #expect(
            try await run("defualt")
                == ProgramRun(
                    status: 65, standardOutput: "", standardError: "\(unknown) defualt; did you mean default?\n"))
    }

    @Test("a namespace without services hears of those in default")
    func nothingFound() async throws {
        let input = """
            { apiVersion: v1, kind: Namespace, metadata: { name: shop } }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { clusterIP: 10.96.0.80, ports: [{ port: 80 }] }

            """
        let note =
            "no service of the input is in shop; objects that say no namespace are in default, which has 1 service\n"
        let run = try await ProgramRun.ferrule(["env", "-f", "-", "--namespace", "shop"], input: input)
        #expect(run.status == 0 && run.standardOutput == "" && run.standardError.contains(note), "\(run)")
        let found = try await ProgramRun.ferrule(["env", "-f", "-", "--namespace", "default"], input: input)
        #expect(found.status == 0 && !found.standardError.contains("no service of the input"), "\(found)")
    }

    @Test(
        "who it is about has to be said, and well",
        arguments: [
            ([], "whose variables? Pass --pod NAMESPACE/NAME or --namespace NAMESPACE"),
            (["--pod", "shop/web/0"], "'shop/web/0' is not a pod: write NAMESPACE/NAME"),
            (["--pod", "/web"], "'/web' is not a pod: write NAMESPACE/NAME"),
        ])
    func usage(arguments: [String], message: String) async throws {
        let run = try await ProgramRun.ferrule(["env"] + arguments + Self.input)
        #expect(run.status == 64 && run.standardOutput == "")
        #expect(run.standardError.hasPrefix("Error: \(message)\n"))
    }

    @Test("a shell takes the variables as they are printed")
    func shell() async throws {
        let run = try await ProgramRun.shell(
            "env -i $(ferrule env \(Self.input.joined(separator: " ")) -n shop) /usr/bin/printenv CART_PORT WEB_FRONT_PORT_53_UDP"
        )
        #expect(
            run
                == ProgramRun(
                    status: 0, standardOutput: "tcp://[fd00:10:96::0:7]:6379\nudp://10.96.7.1:53\n", standardError: ""))
    }
}
