// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The same strict rules for every target of the project.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
/// What reading YAML is compared with; the program reads it by libyaml alone.
let yams = Target.Dependency.product(name: "Yams", package: "yams")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
/// What only following an API server needs, which takes longer to build than all else.
func apiServerPart(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: ["APIServer"]))
}
let nioCore = apiServerPart("NIOCore", "swift-nio")
let nioPosix = apiServerPart("NIOPosix", "swift-nio")
let nioHTTP1 = apiServerPart("NIOHTTP1", "swift-nio")
let nioHTTP2 = apiServerPart("NIOHTTP2", "swift-nio-http2")
let nioSSL = apiServerPart("NIOSSL", "swift-nio-ssl")
let nioHTTPCompression = apiServerPart("NIOHTTPCompression", "swift-nio-extras")
let asyncHTTPClient = apiServerPart("AsyncHTTPClient", "async-http-client")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// A library module of Ferrule.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test bundle; folders of data that stand in its folder are left out of it.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: data, swiftSettings: strict)
}

let package = Package(
    name: "ferrule",
    products: [.executable(name: "ferrule", targets: ["ferrule"])],
    traits: [
        .trait(
            name: "APIServer",
            description: "Follows a Kubernetes API server. Without it the program builds in less than half the time."),
        .default(enabledTraits: ["APIServer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CNetfilter", pkgConfig: "libnftnl", providers: [.apt(["libnftnl-dev", "libmnl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CAllocator"),
        module("FerruleText"),
        module("FerruleDiagnostics", ["FerruleText"]),
        module("FerruleNetwork", ["FerruleText"]),
        module("FerruleParallel"),
        module("FerruleMemory", ["CAllocator"]),
        module("FerruleKubernetes", ["FerruleNetwork", "FerruleDiagnostics"]),
        module("FerruleManifests", ["FerruleKubernetes", "FerruleParallel", "CYAML", system]),
        module("FerruleCluster", ["FerruleKubernetes", "FerruleParallel"]),
        module(
            "FerruleAPIServer",
            [
                "FerruleCluster", "FerruleManifests", asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioHTTP2,
                nioHTTPCompression, nioSSL, subprocess, system,
            ]),
        module("FerruleQuotas", ["FerruleCluster"]),
        module("FerruleResolution", ["FerruleCluster", "FerruleParallel"]),
        module("FerruleIngress", ["FerruleResolution"]),
        module("FerruleRuleset", ["FerruleNetwork", "FerruleDiagnostics"]),
        module("FerrulePlanner", ["FerruleRuleset", "FerruleParallel"]),
        module("FerruleCompiler", ["FerruleResolution", "FerruleRuleset", "FerruleParallel"]),
        module("FerruleIPTables", ["FerruleResolution", "FerruleRuleset"]),
        module("FerruleTraffic", ["FerruleResolution", "FerruleRuleset"]),
        module("FerruleListing", ["FerruleResolution", "FerrulePlanner"]),
        module("FerruleDiscovery", ["FerruleResolution"]),
        module("FerruleStatements", ["FerruleTraffic", "FerruleManifests"]),
        module("FerruleNFTText", ["FerruleRuleset"]),
        module("FerrulePictures", ["FerruleDiagnostics"]),
        module("FerruleNetlink", ["FerruleRuleset", "FerruleParallel", "CNetfilter"]),
        module(
            "FerruleNode",
            ["FerrulePlanner", "FerruleIPTables", "FerruleNetlink", "FerruleKubernetes", subprocess, system]),
        module(
            "FerruleAgent",
            [
                .target(name: "FerruleAPIServer", condition: .when(traits: ["APIServer"])), "FerruleManifests",
                "FerruleCompiler", "FerruleNode", "FerruleMemory", logging, nioCore, nioPosix, nioHTTP1, system,
            ]),
        module(
            "FerruleCLI",
            [
                "FerruleManifests", "FerruleCompiler", "FerrulePlanner", "FerruleListing", "FerruleDiscovery",
                "FerruleNFTText", "FerruleIPTables", "FerruleNetlink", "FerruleNode", "FerruleAgent", "FerruleTraffic",
                "FerruleStatements", "FerrulePictures", "FerruleIngress", "FerruleQuotas", argumentParser, logging,
                system,
            ]),
        tests("FerruleNodeTests", ["FerruleNode", "FerruleKubernetes"]),
        tests(
            "FerruleAgentTests",
            [
                "FerruleAgent", .target(name: "FerruleAPIServer", condition: .when(traits: ["APIServer"])),
                "FerruleCluster", "FerruleKubernetes", "FerruleResolution", "FerruleNetwork",
                "FerruleCompiler", "FerruleNetlink", "FerruleRuleset", "FerruleTestSupport", logging,
            ]),
        tests(
            "FerruleAPIServerTests",
            [
                "FerruleAPIServer", "FerruleCluster", "FerruleKubernetes", "FerruleNetwork", "FerruleTestSupport",
                "APIServerLab",
            ], data: ["Recordings", "Certificates"]),
        .target(
            name: "APIServerLab",
            dependencies: [
                "FerruleCluster", "FerruleKubernetes", nioCore, nioPosix, nioHTTP1, nioHTTP2, nioHTTPCompression,
                nioSSL,
            ],
            path: "Tests/APIServerLab", swiftSettings: strict),
        .executableTarget(
            name: "api-server-lab", dependencies: ["APIServerLab"], path: "Tests/APIServerLabProgram",
            swiftSettings: strict),
        tests("FerruleClusterTests", ["FerruleCluster", "FerruleKubernetes", "FerruleTestSupport"]),
        tests(
            "FerruleCLITests",
            [
                "FerruleCLI", "FerruleNode", "FerruleNetlink", "FerrulePlanner", "FerruleResolution", "FerruleCluster",
                "FerruleKubernetes", "FerruleRuleset", "FerruleNetwork", "RandomClusters", argumentParser,
            ]),
        tests("FerruleParallelTests", ["FerruleParallel"]),
        tests("FerruleQuotasTests", ["FerruleQuotas", "FerruleManifests", "FerruleDiagnostics", "FerruleKubernetes"]),
        tests(
            "FerruleIngressTests",
            [
                "FerruleIngress", "FerruleManifests", "FerruleResolution", "FerruleCluster", "FerruleDiagnostics",
                "FerruleKubernetes", "FerruleNetwork", "FerruleTestSupport",
            ]),
        tests(
            "FerruleStatementsTests",
            [
                "FerruleStatements", "FerruleTraffic", "FerruleCompiler", "FerruleManifests", "FerruleResolution",
                "FerruleCluster", "FerruleKubernetes", "FerruleRuleset", "FerruleNetwork", "FerruleTestSupport",
            ]),
        tests("FerruleNetworkTests", ["FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleNetlinkTests", ["FerruleNetlink", "FerruleRuleset", "FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleDiagnosticsTests", ["FerruleDiagnostics"]),
        tests("FerruleRulesetTests", ["FerruleRuleset", "FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleKubernetesTests", ["FerruleKubernetes", "FerruleDiagnostics"]),
        tests(
            "FerruleManifestsTests",
            ["FerruleManifests", "FerruleKubernetes", "FerruleDiagnostics", "FerruleTestSupport"]),
        .executableTarget(name: "ferrule", dependencies: ["FerruleCLI", "FerruleMemory"], swiftSettings: strict),
        .executableTarget(
            name: "ferrule-bench",
            dependencies: [
                "FerruleManifests", "FerruleCompiler", "FerruleNFTText", "FerruleNetlink", "FerrulePlanner",
                "FerruleIPTables", "FerruleMemory", "IPTablesWalk", "NetworkLab",
                .target(name: "APIServerLab", condition: .when(traits: ["APIServer"])),
                yams,
            ],
            path: "Benchmarks/FerruleBench", swiftSettings: strict),
        tests(
            "FerruleListingTests",
            [
                "FerruleListing", "FerruleCompiler", "FerruleResolution", "FerruleCluster", "FerruleKubernetes",
                "FerrulePlanner", "FerruleNetwork", "FerruleRuleset", "FerruleText", "RandomClusters",
                "FerruleTestSupport",
            ]),
        tests("FerrulePicturesTests", ["FerrulePictures", "FerruleTestSupport"]),
        tests(
            "FerruleDiscoveryTests",
            [
                "FerruleDiscovery", "FerruleResolution", "FerruleCluster", "FerruleKubernetes", "FerruleNetwork",
                "FerruleManifests", "FerruleTestSupport",
            ]),
        .target(
            name: "IPTablesWalk", dependencies: ["FerruleIPTables", "FerruleNetwork"], path: "Tests/IPTablesWalk",
            swiftSettings: strict),
        tests(
            "FerruleIPTablesTests",
            [
                "FerruleIPTables", "FerruleCompiler", "FerruleResolution", "FerruleCluster", "FerruleRuleset",
                "FerruleDiagnostics", "FerruleNetwork", "IPTablesWalk", "RandomClusters",
            ]),
        tests("FerruleNFTTextTests", ["FerruleNFTText", "FerruleRuleset", "FerruleNetwork"]),
        .target(
            name: "RandomClusters",
            dependencies: [
                "FerrulePlanner", "FerruleCompiler", "FerruleResolution", "FerruleCluster", "FerruleTestSupport",
            ],
            path: "Tests/RandomClusters", swiftSettings: strict),
        .target(name: "TestConditions", path: "Tests/TestConditions", swiftSettings: strict),
        .systemLibrary(name: "CNetworkLab", path: "Tests/CNetworkLab"),
        .target(
            name: "NetworkLab", dependencies: ["FerruleNetwork", "TestConditions", "CNetworkLab"],
            path: "Tests/NetworkLab", swiftSettings: strict),
        tests("NetworkLabTests", ["NetworkLab", "FerruleNetwork", "TestConditions"]),
        tests(
            "KernelTests",
            [
                "NetworkLab", "FerruleManifests", "FerruleResolution", "FerruleCompiler", "FerruleRuleset",
                "FerruleNFTText", "FerruleIPTables", "FerruleNetlink", "FerruleNetwork", "FerruleDiagnostics",
                "ferrule", "FerruleNode",
                "FerruleAPIServer", "FerruleKubernetes", "APIServerLab", "api-server-lab", logging,
                "FerruleAgent", "FerruleCluster",
                "FerrulePlanner", "RandomClusters", "FerruleTestSupport", "TestConditions",
            ]),
        .target(
            name: "FerruleTestSupport", dependencies: ["TestConditions", subprocess, system],
            path: "Tests/FerruleTestSupport",
            swiftSettings: strict),
        tests("FerruleTestSupportTests", ["FerruleTestSupport", "TestConditions"]),
        .target(
            name: "Fuzzing",
            dependencies: [
                "FerruleManifests", "FerruleCompiler", "FerruleDiscovery", "FerruleNFTText", "FerruleNetlink",
                "FerruleIngress", "FerruleQuotas", "FerruleTestSupport",
            ],
            path: "Tests/Fuzzing", swiftSettings: strict),
        tests("FuzzTests", ["Fuzzing"]),
        tests("GoldenTests", ["FerruleTestSupport"]),
        tests("ExampleTests", ["FerruleTestSupport", "FerruleManifests"]),
        tests("CLITests", ["FerruleTestSupport"]),
        tests(
            "FerruleResolutionTests",
            [
                "FerruleResolution", "FerruleCluster", "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleTestSupport", "RandomClusters",
            ]),
        tests(
            "FerrulePlannerTests",
            [
                "FerrulePlanner", "FerruleCluster", "FerruleCompiler", "FerruleResolution", "FerruleRuleset",
                "FerruleNetwork",
                "FerruleTestSupport", "RandomClusters",
            ]),
        tests(
            "FerruleCompilerTests",
            [
                "FerruleCompiler", "FerruleResolution", "FerruleRuleset", "FerruleNFTText", "FerruleNetwork",
                "FerruleTestSupport", "RandomClusters",
            ]),
    ]
)

// Only for `make fuzz`: libFuzzer brings a main function of its own, so nothing else can be linked with it.
if Context.environment["FERRULE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "ferrule-fuzz", dependencies: ["Fuzzing"], path: "Tests/Fuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
