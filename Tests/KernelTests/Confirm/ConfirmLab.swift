// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab

/// A namespace and two files of definitions, with the built program at hand in shell scripts.
final class ConfirmLab {
    let namespace: Namespace
    private let folder: TemporaryFolder

    init() throws {
        namespace = try Namespace("confirm")
        folder = try TemporaryFolder()
        try folder.write(Self.definitions(endpoints: ["10.244.0.6", "10.244.0.7"]), to: "before.yaml")
        try folder.write(Self.definitions(endpoints: ["10.244.0.8"]), to: "after.yaml")
    }

    /// Runs a shell script in the namespace. `ferrule` is the program, `before` and `after` apply the two states, with
    /// further flags; `standing` waits until the second stands in the kernel, `ended` until no watchdog waits any more;
    /// `watchdog` is its process.
    func shell(_ script: String) throws -> CommandResult {
        let prelude = """
            ferrule() { '\(Project.program)' "$@"; }
            flags='--node-name node-a --cluster-cidr 10.244.0.0/16 --service-cidr 10.96.0.0/16'
            before() { ferrule apply -f '\(folder.url.path)/before.yaml' $flags "$@"; }
            after() { ferrule apply -f '\(folder.url.path)/after.yaml' $flags "$@"; }
            after_command="'\(Project.program)' apply -f '\(folder.url.path)/after.yaml' $flags"
            \(ShellWaiting.untilTrue)
            has_after() { nft list table ip ferrule 2>/dev/null | grep -q 10.244.0.8; }
            standing() { until_true has_after; }
            waits() { ferrule status | grep -q '^confirm '; }
            has_ended() { ! waits; }
            ended() { until_true has_ended; }
            watchdog() { pgrep -f "^ferrule [c]onfirmation-watchdog .*/$(stat -Lc %i /proc/self/ns/net)\\$"; }

            """
        return try namespace.run(["bash", "-c", prelude + script])
    }

    /// Applies the first state, and lets a client be remembered as packets would.
    func applyBefore() throws {
        let remembered = "{ 10.244.0.9 timeout 3h expires 1h : 10.244.0.6 . 8080 }"
        let result = try shell("before && nft add element ip ferrule affinity-shop/web/tcp/http '\(remembered)'")
        guard result.succeeded else { throw TestMistake(description: result.standardError) }
    }

    /// Everything that stands in the kernel, without the seconds that remembered clients have left.
    func contents() throws -> [String] {
        let listing = try Listing(of: namespace)
        let timeless = listing.objects.map { $0.replacing(/"expires":\d+/, with: #""expires":0"#) }
        return timeless + listing.rules.map(\.description)
    }

    /// The seconds that the remembered client has left.
    func secondsLeft() throws -> Int? {
        let json = try namespace.output("nft", "-j", "list", "ruleset")
        return json.firstMatch(of: /"expires": ?(\d+)/).flatMap { Int($0.1) }
    }

    private static func definitions(endpoints: [String]) -> String {
        let list = endpoints.map { "{ addresses: [\($0)] }" }.joined(separator: ", ")
        return """
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: shop }
            spec: { clusterIP: 10.96.0.80, sessionAffinity: ClientIP, ports: [{ name: http, port: 80, targetPort: 8080 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
            addressType: IPv4
            ports: [{ name: http, port: 8080, protocol: TCP }]
            endpoints: [\(list)]

            """
    }
}
