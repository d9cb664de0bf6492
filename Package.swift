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
let yams = Target.Dependency.product(name: "Yams", package: "yams")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// A library module of Ferrule.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test bundle.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "ferrule",
    products: [.executable(name: "ferrule", targets: ["ferrule"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CNetfilter", pkgConfig: "libnftnl", providers: [.apt(["libnftnl-dev", "libmnl-dev"])]),
        module("FerruleText"),
        module("FerruleDiagnostics", ["FerruleText"]),
        module("FerruleNetwork", ["FerruleText"]),
        module("FerruleParallel"),
        module("FerruleKubernetes", ["FerruleNetwork", "FerruleDiagnostics"]),
        module("FerruleManifests", ["FerruleKubernetes", "FerruleParallel", yams]),
        module("FerruleCluster", ["FerruleKubernetes"]),
        module("FerruleResolution", ["FerruleCluster", "FerruleParallel"]),
        module("FerruleRuleset", ["FerruleNetwork", "FerruleDiagnostics"]),
        module("FerrulePlanner", ["FerruleRuleset"]),
        module("FerruleCompiler", ["FerruleResolution", "FerruleRuleset", "FerruleParallel"]),
        module("FerruleNFTText", ["FerruleRuleset"]),
        module("FerruleNetlink", ["FerruleRuleset", "FerruleParallel", "CNetfilter"]),
        module(
            "FerruleCLI",
            [
                "FerruleManifests", "FerruleCompiler", "FerrulePlanner", "FerruleNFTText", "FerruleNetlink",
                argumentParser,
            ]),
        tests("FerruleClusterTests", ["FerruleCluster", "FerruleKubernetes"]),
        tests(
            "FerruleCLITests",
            ["FerruleCLI", "FerruleNetlink", "FerrulePlanner", "FerruleRuleset", "FerruleNetwork", argumentParser]),
        tests("FerruleParallelTests", ["FerruleParallel"]),
        tests("FerruleNetworkTests", ["FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleNetlinkTests", ["FerruleNetlink", "FerruleRuleset", "FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleDiagnosticsTests", ["FerruleDiagnostics"]),
        tests("FerruleRulesetTests", ["FerruleRuleset", "FerruleNetwork", "FerruleTestSupport"]),
        tests("FerruleKubernetesTests", ["FerruleKubernetes", "FerruleDiagnostics"]),
        tests(
            "FerruleManifestsTests",
            ["FerruleManifests", "FerruleKubernetes", "FerruleDiagnostics", "FerruleTestSupport"]),
        .executableTarget(name: "ferrule", dependencies: ["FerruleCLI"], swiftSettings: strict),
        .executableTarget(
            name: "ferrule-bench",
            dependencies: [
                "FerruleManifests", "FerruleCompiler", "FerruleNFTText", "FerruleNetlink", "FerrulePlanner",
                "NetworkLab", "CNetworkLab",
                yams,
            ],
            path: "Benchmarks/FerruleBench", swiftSettings: strict),
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
                "NetworkLab", "FerruleManifests", "FerruleCluster", "FerruleResolution", "FerruleCompiler",
                "FerruleRuleset",
                "FerruleNFTText", "FerruleNetlink", "FerruleNetwork", "FerruleDiagnostics", "ferrule", "FerruleCLI",
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
                "FerruleManifests", "FerruleCompiler", "FerruleNFTText", "FerruleNetlink", "FerruleTestSupport",
            ],
            path: "Tests/Fuzzing", swiftSettings: strict),
        tests("FuzzTests", ["Fuzzing"]),
        tests("GoldenTests", ["FerruleTestSupport"]),
        tests("ExampleTests", ["FerruleTestSupport", yams]),
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
