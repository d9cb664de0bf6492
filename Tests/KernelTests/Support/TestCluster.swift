// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleDiagnostics
import FerruleManifests
import FerruleNetlink
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import RandomClusters

/// Definitions with the options that they are compiled with.
struct TestCluster {
    var manifests: String
    var options = ResolutionOptions()
    var masqueradeAll = false
    var partLimits = PartLimits()

    /// By default compiled for the lab's node, whose addresses and pod ranges are known.
    init(_ manifests: String) {
        self.manifests = manifests
        options.nodeName = "node-a"
        options.nodeAddresses = addresses("192.0.2.11", "2001:db8::11")
        options.clusterCIDRs = prefixes("10.244.0.0/16", "fd00:10:244::/48")
        options.serviceCIDRs = prefixes("10.96.0.0/16", "fd00:10:96::/112")
    }

    /// A copy with other options.
    func with(_ change: (inout TestCluster) -> Void) -> TestCluster {
        var copy = self
        change(&copy)
        return copy
    }

    /// A copy whose services are cut into parts already if they have more than 128 endpoints.
    var withSmallParts: TestCluster { with { $0.partLimits.whole = 128 } }

    /// The ruleset. A definition with an error is a mistake in the test.
    func ruleset() throws -> Ruleset {
        RulesetCompiler.compile(try resolved(), compilerOptions)
    }

    var compilerOptions: CompilerOptions {
        var compilerOptions = CompilerOptions(mark: .forTests)
        compilerOptions.masqueradeAll = masqueradeAll
        compilerOptions.partLimits = partLimits
        return compilerOptions
    }

    /// The services with their addresses and endpoints.
    func resolved() throws -> ResolvedCluster {
        let text = manifests
        let manifests = try ManifestReader { Data(text.utf8) }.read(["-"])
        try refuseErrors(manifests.diagnostics)
        let result = ClusterResolver.resolve(manifests.objects, options: options)
        try refuseErrors(result.diagnostics)
        return result.cluster
    }

    private func refuseErrors(_ diagnostics: [Diagnostic]) throws {
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw TestMistake(description: errors.map(\.message).joined(separator: "; ")) }
    }
}

/// Something that is wrong with a test rather than with what it tests.
struct TestMistake: Error, CustomStringConvertible {
    let description: String
}

/// The ranges that the texts spell.
func prefixes(_ texts: String...) -> [Prefix] { texts.compactMap { Prefix($0) } }

/// The port of a number, for tables in tests.
func port(_ number: Int) -> FerruleNetwork.Port {
    guard let port = FerruleNetwork.Port(number) else { preconditionFailure("\(number) is not a port") }
    return port
}

extension Namespace {
    /// Puts a ruleset in the place of what Ferrule has here.
    func apply(_ ruleset: Ruleset, _ mode: Kernel.Mode = .commit) throws {
        try apply(.replacing(with: ruleset, provenance: Provenance(ofTest: ruleset)), mode)
    }

    func apply(_ transaction: Transaction, _ mode: Kernel.Mode = .commit) throws(NetlinkError) {
        try perform { () throws(NetlinkError) in try Kernel().apply(transaction, mode) }
    }

    /// Runs the built `ferrule` here.
    func ferrule(_ arguments: String..., input: String = "") throws -> CommandResult {
        try run([Project.program] + arguments, input: input)
    }
}

extension Provenance {
    /// The record that tests leave beside a ruleset.
    init(ofTest ruleset: Ruleset) {
        self.init(version: "0", appliedAt: 0, summary: ruleset.summary)
        sign(ruleset)
    }
}
