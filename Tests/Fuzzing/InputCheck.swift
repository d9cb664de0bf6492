// SPDX-License-Identifier: Apache-2.0
//
// Fuzzing: what must hold for every input, however it came about, and a way to make inputs that are nearly right.

internal import FerruleCluster
internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleDiscovery
internal import FerruleIPTables
internal import FerruleIngress
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNFTText
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleQuotas
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleText
internal import Foundation

/// Takes a text the way that `ferrule render` takes it, and looks at all that comes out.
package struct InputCheck {
    /// What does not hold, in words.
    package private(set) var faults: [String] = []

    /// Reads, validates, resolves, compiles and prints; what kills the process is a fault of its own.
    package init(_ text: [UInt8]) {
        do {
            var reader = ManifestReader { Data(text) }
            reader.kinds = Set(ObjectKind.allCases)
            let manifests = try reader.read(["-"])
            check(manifests.diagnostics, manifests)
            check(ClusterValidator.validate(manifests.objects), manifests)
            check(QuotaCheck.diagnostics(of: manifests.objects, isBinding: true), manifests)
            // Resolution passes over what is wrong, also where it is no more than a warning.
            var options = ResolutionOptions()
            options.assumePods = true
            options.nodeName = "node-a"
            let result = ClusterResolver.resolve(manifests.objects, options: options)
            check(result.diagnostics, manifests)
            guard let mark = Mark(bit: 14), !result.diagnostics.contains(where: { $0.severity == .error }) else {
                return
            }
            checkIngresses(of: manifests, options)
            let ruleset = RulesetCompiler.compile(result.cluster, CompilerOptions(mark: mark))
            check("the script", RulesetRenderer().render(ruleset))
            check("the JSON", JSONRenderer().render(ruleset))
            check("the listing", TransactionListing().render(.replacing(with: ruleset)))
            for family in IPFamily.allCases {
                let chains = IPTablesCompiler.compile(result.cluster, family, IPTablesOptions(mark: mark))
                check("the chains of \(family)", RestoreText.render(chains, ruleset.summary))
            }
            check(IPTablesLimits.diagnostics(result.cluster), manifests)
            let resolver = ClusterResolver(ClusterStore(manifests.objects), options: options)
            let names = ClusterDNS(
                resolver.namedServices().services, pods: resolver.pods.objects, ClusterDNS.Options())
            check(names.diagnostics, manifests)
            for zone in names.zones { check("the zone \(zone.name)", zone.file) }
        } catch {
            faults.append("standard input was not read: \(error)")
        }
    }

    private mutating func checkIngresses(of manifests: Manifests, _ options: ResolutionOptions) {
        guard !manifests.objects.ingresses.isEmpty, let http = Port(80), let https = Port(443) else { return }
        let services = ClusterResolver(ClusterStore(manifests.objects), options: options).overview(ServiceOnNode.init)
        var wanted = IngressCompiler.Options()
        wanted.servesTLS = true
        let result = IngressCompiler.compile(
            manifests.objects, services: services.descriptions, options: wanted)
        check(result.diagnostics, manifests)
        var printing = HAProxyConfiguration.Options(httpPort: http, httpsPort: https)
        printing.certificateFolder = "/tls"
        check("the configuration of HAProxy", HAProxyConfiguration.text(of: result.routing, printing))
        let files = CertificateFiles(result.routing.certificates, folder: "/tls").files
        check("the list of certificates", files.last?.bytes ?? [])
    }

    /// Diagnostics are of this text and can be printed in a few lines.
    private mutating func check(_ diagnostics: [Diagnostic], _ manifests: Manifests) {
        for diagnostic in diagnostics.prefix(100) {
            guard let origin = diagnostic.origin,
                let location = diagnostic.location ?? manifests.sources.locate(origin, diagnostic.field)
            else { continue }
            if location.line < 1 || location.column < 1 || location.textColumn < 1 || location.text.utf8.count > 800 {
                faults.append("\(location) is no place")
            }
        }
        let text = DiagnosticPrinter(locate: manifests.sources.locate).text(of: diagnostics)
        let isPrintable = text.split(separator: "\n").allSatisfy { String($0).printable == $0 }
        if !isPrintable { faults.append("a diagnostic has characters that command a terminal: \(text.printable)") }
        if text.utf8.count > 500_000 { faults.append("the diagnostics are \(text.utf8.count) bytes long") }
    }

    /// What is printed is ASCII in lines.
    private mutating func check(_ name: String, _ output: [UInt8]) {
        let isPlain = output.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0a || $0 == 0x09 }
        if !isPlain { faults.append("\(name) holds other bytes than printable ASCII") }
    }
}
