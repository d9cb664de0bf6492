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
/// The client of API servers itself.
let apiServer = Target.Dependency.target(name: "FerruleAPIServer", condition: .when(traits: ["APIServer"]))
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// A library module of Ferrule. Tests take thousands of clusters through the modules below the commands: as these are optimised in
/// debug builds too, all tests take half of the time.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], isOptimised: Bool = true) -> Target {
    .target(
        name: name, dependencies: dependencies,
        swiftSettings: strict + (isOptimised ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []))
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
        module("FerruleKubernetes", ["FerruleNetwork", "FerruleDiagnostics", "FerruleText"]),
        module(
            "FerruleManifests",
            ["FerruleKubernetes", "FerruleParallel", "FerruleDiagnostics", "FerruleText", "CYAML", system]),
        module("FerruleCluster", ["FerruleKubernetes", "FerruleParallel"]),
        module(
            "FerruleAPIServer",
            [
                "FerruleCluster", "FerruleManifests", "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleText", asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioHTTP2, nioHTTPCompression, nioSSL,
                subprocess, system,
            ], isOptimised: false),
        module("FerruleQuotas", ["FerruleCluster", "FerruleKubernetes", "FerruleDiagnostics", "FerruleText"]),
        module("FerruleChecks", ["FerruleManifests", "FerruleQuotas", "FerruleKubernetes", "FerruleDiagnostics"]),
        module(
            "FerruleResolution",
            [
                "FerruleCluster", "FerruleKubernetes", "FerruleParallel", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleText",
            ]),
        module(
            "FerruleIngress",
            [
                "FerruleResolution", "FerruleCluster", "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleText",
            ]),
        module("FerruleRuleset", ["FerruleNetwork", "FerruleText"]),
        module("FerrulePlanner", ["FerruleRuleset", "FerruleParallel", "FerruleNetwork", "FerruleText"]),
        module(
            "FerruleCompiler",
            [
                "FerruleRuleset", "FerruleResolution", "FerruleCluster", "FerruleParallel", "FerruleNetwork",
                "FerruleText",
            ]),
        module(
            "FerruleIPTables",
            [
                "FerruleRuleset", "FerruleResolution", "FerruleCluster", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleText",
            ]),
        module(
            "FerruleTraffic",
            [
                "FerruleRuleset", "FerruleResolution", "FerruleCluster", "FerruleKubernetes", "FerruleNetwork",
                "FerruleText",
            ]),
        module(
            "FerruleListing",
            [
                "FerrulePlanner", "FerruleRuleset", "FerruleResolution", "FerruleCluster", "FerruleKubernetes",
                "FerruleNetwork",
            ]),
        module(
            "FerruleDiscovery",
            [
                "FerruleResolution", "FerruleCluster", "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleText",
            ]),
        module(
            "FerruleStatements",
            [
                "FerruleTraffic", "FerruleRuleset", "FerruleResolution", "FerruleCluster", "FerruleManifests",
                "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics", "FerruleText",
            ]),
        module("FerruleNFTText", ["FerruleRuleset", "FerruleNetwork", "FerruleText"]),
        module("FerrulePictures", ["FerruleText"]),
        module("FerruleNetlink", ["FerruleRuleset", "FerruleParallel", "FerruleNetwork", "FerruleText", "CNetfilter"]),
        module(
            "FerruleNode",
            [
                "FerruleNetlink", "FerruleIPTables", "FerrulePlanner", "FerruleRuleset", "FerruleKubernetes",
                "FerruleNetwork", "FerruleText", subprocess, system,
            ]),
        module(
            "FerruleAgent",
            [
                "FerruleNode", "FerruleNetlink", "FerruleCompiler", "FerrulePlanner", "FerruleRuleset",
                "FerruleResolution", "FerruleChecks", "FerruleCluster", "FerruleManifests", "FerruleKubernetes",
                "FerruleMemory", "FerruleNetwork", "FerruleDiagnostics", "FerruleText", apiServer, logging, nioCore,
                nioPosix, nioHTTP1,
                system,
            ], isOptimised: false),
        module(
            "FerruleCLI",
            [
                "FerruleAgent", "FerruleNode", "FerruleNetlink", "FerrulePictures", "FerruleNFTText",
                "FerruleStatements", "FerruleDiscovery", "FerruleListing", "FerruleTraffic", "FerruleIPTables",
                "FerruleCompiler", "FerrulePlanner", "FerruleRuleset", "FerruleIngress", "FerruleResolution",
                "FerruleChecks", "FerruleCluster", "FerruleManifests", "FerruleKubernetes", "FerruleNetwork",
                "FerruleDiagnostics", "FerruleText", argumentParser, logging, system, apiServer,
            ], isOptimised: false),
        tests(
            "FerruleNodeTests",
            [
                "FerruleNode", "FerruleNetlink", "FerruleIPTables", "FerruleRuleset", "FerruleKubernetes",
                "FerruleNetwork", "FerruleTestSupport",
            ]),
        tests(
            "FerruleAgentTests",
            [
                "FerruleAgent", apiServer,
                "FerruleCluster", "FerruleKubernetes", "FerruleResolution", "FerruleNetwork", "FerruleDiagnostics",
                "FerruleCompiler", "FerruleNetlink", "FerruleRuleset", "FerruleTestSupport", logging,
            ]),
        tests(
            "FerruleAPIServerTests",
            [
                "FerruleAPIServer", "FerruleCluster", "FerruleKubernetes", "FerruleManifests", "FerruleTestSupport",
                "APIServerLab", nioSSL,
            ],
            data: ["Recordings", "Certificates"]),
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
        tests(
            "FerruleClusterTests", ["FerruleCluster", "FerruleKubernetes", "FerruleDiagnostics", "FerruleTestSupport"]),
        tests(
            "FerruleCLITests",
            [
                "FerruleCLI", "FerruleNode", "FerruleNetlink", "FerrulePlanner", "FerruleResolution", "FerruleCluster",
                "FerruleKubernetes", "FerruleRuleset", "FerruleNetwork", "FerruleDiagnostics", "RandomClusters",
                argumentParser,
            ]),
        tests("FerruleParallelTests", ["FerruleParallel"]),
        tests(
            "FerruleQuotasTests",
            ["FerruleQuotas", "FerruleManifests", "FerruleDiagnostics", "FerruleKubernetes", "FerruleTestSupport"]),
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
        tests(
            "FerruleNetlinkTests",
            ["FerruleNetlink", "FerruleRuleset", "FerruleNetwork", "FerruleTestSupport", "CNetfilter"]),
        tests("FerruleTextTests", ["FerruleText"]),
        tests("FerruleDiagnosticsTests", ["FerruleDiagnostics"]),
        tests("FerruleRulesetTests", ["FerruleRuleset", "FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleKubernetesTests", ["FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics"]),
        tests(
            "FerruleManifestsTests",
            ["FerruleManifests", "FerruleKubernetes", "FerruleDiagnostics", "FerruleTestSupport", system]),
        .executableTarget(name: "ferrule", dependencies: ["FerruleCLI", "FerruleMemory"], swiftSettings: strict),
        .executableTarget(
            name: "ferrule-bench",
            dependencies: [
                "FerruleNetlink", "FerruleNFTText", "FerruleIPTables", "FerruleCompiler", "FerrulePlanner",
                "FerruleRuleset", "FerruleResolution", "FerruleCluster", "FerruleManifests", "FerruleKubernetes",
                "FerruleMemory", "FerruleNetwork", "FerruleDiagnostics", "IPTablesWalk", "NetworkLab",
                .target(name: "APIServerLab", condition: .when(traits: ["APIServer"])), yams,
            ],
            path: "Benchmarks/FerruleBench", swiftSettings: strict),
        tests(
            "FerruleListingTests",
            [
                "FerruleListing", "FerruleCompiler", "FerruleRuleset", "FerruleResolution", "FerruleCluster",
                "FerruleKubernetes", "FerruleNetwork", "FerruleText", "RandomClusters",
            ]),
        tests("FerrulePicturesTests", ["FerrulePictures", "FerruleTestSupport", "FerruleText"]),
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
                "FerruleIPTables", "FerruleCompiler", "FerruleRuleset", "FerruleResolution", "FerruleNetwork",
                "FerruleDiagnostics", "IPTablesWalk", "RandomClusters",
            ]),
        tests("FerruleNFTTextTests", ["FerruleNFTText", "FerruleRuleset", "FerruleNetwork"]),
        .target(
            name: "RandomClusters",
            dependencies: [
                "FerruleCompiler", "FerrulePlanner", "FerruleRuleset", "FerruleResolution", "FerruleCluster",
                "FerruleKubernetes", "FerruleNetwork", "FerruleTestSupport",
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
                "FerruleCLI", "FerruleAgent", "FerruleNode", "FerruleNetlink", "FerruleNFTText", "FerruleIPTables",
                "FerruleCompiler", "FerrulePlanner", "FerruleRuleset", "FerruleResolution", "FerruleAPIServer",
                "FerruleCluster", "FerruleManifests", "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics",
                "NetworkLab", "ferrule", "APIServerLab", "api-server-lab", logging, "RandomClusters",
                "FerruleTestSupport", "TestConditions",
            ]),
        .target(
            name: "FerruleTestSupport", dependencies: ["TestConditions", subprocess, system, logging],
            path: "Tests/FerruleTestSupport",
            swiftSettings: strict),
        tests("FerruleTestSupportTests", ["FerruleTestSupport", "TestConditions"]),
        .target(
            name: "Fuzzing",
            dependencies: [
                "FerruleNetlink", "FerruleNFTText", "FerruleDiscovery", "FerruleCompiler", "FerruleIPTables",
                "FerruleRuleset", "FerruleIngress", "FerruleResolution", "FerruleQuotas", "FerruleCluster",
                "FerruleManifests",
                "FerruleKubernetes", "FerruleNetwork", "FerruleDiagnostics", "FerruleText", "FerruleTestSupport",
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
                "FerruleCompiler", "FerruleResolution", "FerruleCluster", "FerruleRuleset", "FerruleNFTText",
                "FerruleNetwork", "FerruleTestSupport", "RandomClusters",
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
