// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The flags of every command that reads definitions.
struct InputOptions: ParsableArguments {
    @Option(
        name: [.customShort("f", allowingJoined: true), .customLong("filename")],
        help: ArgumentHelp(
            "A file, a directory (every .yaml, .yml and .json below it), or - for standard input; repeatable.",
            valueName: "path"), completion: PathCompletion.kind(), transform: parseInputPath)
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "Files and folders to leave out of directories, such as '*-test.yaml' or overlays/**; repeatable.",
            valueName: "glob"))
    var exclude: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The namespace of objects that say none (default: default); of env: whose variables are printed.",
            valueName: "name"))
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "The node that the ruleset is for (default of apply, run and plan against the kernel: the host's name).",
            valueName: "name"),
        transform: parseNodeName)
    var nodeName: String?

    @Option(
        name: .customLong("node-ip"),
        help: ArgumentHelp("Addresses of the node beside those that its Node object says.", valueName: "ip[,ip]"),
        transform: { try CommaSeparated($0, "an IPv4 or IPv6 address, such as 192.0.2.11") { IPAddress($0) } })
    var nodeAddresses = CommaSeparated<IPAddress>()

    @Option(
        help: ArgumentHelp("Pod ranges (default: the podCIDRs of the Node objects).", valueName: "cidr[,cidr]"),
        transform: parsePrefixes)
    var clusterCIDR = CommaSeparated<Prefix>()

    @Option(
        help: ArgumentHelp(
            "ClusterIP ranges (default: the ServiceCIDR objects; for allocation also 10.96.0.0/12,fd00:10:96::/112).",
            valueName: "cidr[,cidr]"),
        transform: parsePrefixes)
    var serviceCIDR = CommaSeparated<Prefix>()

    @Option(
        help: ArgumentHelp(
            "Where missing node ports are allocated (default: 30000-32767); if given, others are refused.",
            valueName: "low-high"),
        transform: parsePortRange)
    var nodePortRange: ClosedRange<Int>?

    @Option(
        name: .customLong("nodeport-addresses"),
        help: ArgumentHelp(
            "Node addresses that accept node port traffic; primary (default): its first of each family.",
            valueName: "cidr[,cidr]|primary"),
        transform: parseNodePortAddresses)
    var nodePortAddresses: [Prefix]?

    @Option(
        help: ArgumentHelp(
            "How pods' traffic is told from others': ClusterCIDR (default), NodeCIDR, BridgeInterface:NAME or "
                + "InterfaceNamePrefix:PREFIX.", valueName: "mode"),
        transform: parseDetectLocalMode)
    var detectLocalMode: ResolutionOptions.DetectLocalMode?

    @Flag(help: "Masquerade all traffic to ClusterIPs.")
    var masqueradeAll = false

    @Option(
        name: .customLong("masquerade-bit"),
        help: ArgumentHelp("The bit of the packet mark used for masquerading, 0-31 (default: 14).", valueName: "n"),
        transform: parseMarkBit)
    var mark: Mark?

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "A KubeProxyConfiguration whose fields set the same options; flags win.", valueName: "file"),
        completion: .file())
    var configurationPath: String?

    @Option(
        name: .customLong("lock"),
        help: ArgumentHelp("Where allocated ClusterIPs and node ports are remembered.", valueName: "file"),
        completion: .file())
    var lockPath: String?

    @Flag(help: "Write the allocations to the --lock file.")
    var writeLock = false

    @Flag(help: "Give the replicas that workloads declare placeholder addresses.")
    var assumePods = false

    @Flag(
        name: .customLong("strict"),
        help: ArgumentHelp(
            "Refuse fields, kinds and versions that the API does not have, also in what an API server has written, and "
                + "more than a ResourceQuota allows."))
    var isStrict = false

    func validate() throws {
        guard !writeLock || lockPath != nil else { throw ValidationError("--write-lock needs --lock FILE") }
        guard !paths.contains("-") || configurationPath != "-" else {
            throw ValidationError("standard input can be -f or --config, not both")
        }
        if let namespace, !ObjectMeta.isNamespaceName(namespace) {
            throw ValidationError(
                "--namespace \(quoted(namespace)): a namespace has at most 63 lower-case letters, digits and \"-\", "
                    + "with a letter or digit at both ends")
        }
        if let address = nodeAddresses.values.first(where: { $0.isUnspecified || $0.isMulticast }) {
            throw ValidationError("--node-ip \(address): no node is reached at it; pass an address such as 192.0.2.11")
        }
        if let second = clusterCIDR.values.secondOfFamily {
            throw ValidationError(
                "--cluster-cidr: \(second) is the second \(second.family.rawValue) range; there is one of each family")
        }
    }

    /// Throws where `--write-lock` was given to a command that writes none.
    func refuseWriteLock(because reason: String) throws {
        guard !writeLock else { throw ValidationError("\(reason); --write-lock is for render, plan and apply") }
    }

    /// Throws unless there is something to read.
    func requirePaths() throws {
        guard !paths.isEmpty else {
            throw ValidationError("no input: pass a file, a directory or - with -f, as in `-f services.yaml`")
        }
    }

    /// What the flags say, else the configuration file, else the defaults.
    ///
    /// - Parameter host: the host that the ruleset is for, if it is for this one.
    func resolution(_ configuration: KubeProxyConfiguration?, host: Machine?) -> ResolutionOptions {
        var options = ResolutionOptions(configuration)
        options.nodeName = nodeName ?? options.nodeName ?? host?.nodeName
        options.interfaceAddresses = host?.interfaceAddresses ?? []
        options.nodeAddresses = nodeAddresses.values
        if nodeAddresses.values.contains(where: { $0.family == options.bindAddress?.family }) {
            options.bindAddress = nil
        }
        if !clusterCIDR.values.isEmpty { options.clusterCIDRs = clusterCIDR.values }
        options.serviceCIDRs = serviceCIDR.values
        if let nodePortRange { options.nodePortRange = nodePortRange }
        if let nodePortAddresses { options.nodePortAddresses = nodePortAddresses }
        if let detectLocalMode { options.detectLocalMode = detectLocalMode }
        options.assumePods = assumePods
        return options
    }

    func compiler(_ configuration: KubeProxyConfiguration?, families: [IPFamily]) throws -> CompilerOptions {
        guard let mark = mark ?? Mark(bit: configuration?.masqueradeBit ?? 14) else { throw Failure.defect }
        var options = CompilerOptions(mark: mark)
        options.families = families
        options.masqueradeAll = masqueradeAll || configuration?.masqueradeAll == true
        return options
    }
}

/// A flag's list of values.
struct CommaSeparated<Value: Sendable>: Sendable {
    var values: [Value] = []

    init() {}

    /// - Parameter wanted: what each value should be, for the message when one is not.
    init(_ text: String, _ wanted: String, _ parse: (Substring) -> Value?) throws {
        values = try text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            guard let value = parse(item) else { throw ValidationError("'\(item)' is not \(wanted)") }
            return value
        }
    }
}

@Sendable private func parseNodeName(_ text: String) throws -> String {
    guard let name = Node.name(of: text) else { throw ValidationError("'\(text)' is not the name of a node") }
    return name
}

@Sendable private func parsePrefixes(_ text: String) throws -> CommaSeparated<Prefix> {
    try CommaSeparated(text, "a range in CIDR form, such as 10.244.0.0/16") { Prefix($0) }
}

@Sendable private func parsePortRange(_ text: String) throws -> ClosedRange<Int> {
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Port(Int($0) ?? 0) }
    guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low <= high else {
        throw ValidationError("'\(text)' is not a range of ports, such as 30000-32767")
    }
    return Int(low.number)...Int(high.number)
}

@Sendable private func parseNodePortAddresses(_ text: String) throws -> [Prefix] {
    if text == "primary" { return [] }
    if text.split(separator: ",").contains("primary") {
        throw ValidationError("'\(text)': primary stands alone, or ranges in CIDR form do")
    }
    let wanted = "primary or a range in CIDR form, such as 192.0.2.0/24"
    return try CommaSeparated(text, wanted) { Prefix($0) }.values
}

@Sendable private func parseDetectLocalMode(_ text: String) throws -> ResolutionOptions.DetectLocalMode {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count > 1 ? parts[1] : nil) {
    case ("ClusterCIDR", nil): return .clusterCIDR
    case ("NodeCIDR", nil): return .nodeCIDR
    case ("BridgeInterface", let name?):
        if let problem = InterfaceName.problem(name, isPrefix: false) { throw ValidationError(problem) }
        return .bridgeInterface(name)
    case ("InterfaceNamePrefix", let prefix?):
        if let problem = InterfaceName.problem(prefix, isPrefix: true) { throw ValidationError(problem) }
        return .interfaceNamePrefix(prefix)
    default:
        throw ValidationError(
            "'\(text)' is not ClusterCIDR, NodeCIDR, BridgeInterface:NAME or InterfaceNamePrefix:PREFIX")
    }
}

@Sendable private func parseMarkBit(_ text: String) throws -> Mark {
    guard let mark = Int(text).flatMap(Mark.init(bit:)) else {
        throw ValidationError("'\(text)' is not the number of a bit, 0 to 31")
    }
    return mark
}

/// The value of `-f`.
@Sendable func parseInputPath(_ text: String) throws -> String {
    guard !text.isEmpty else { throw ValidationError("write a path, or - for standard input") }
    return text
}
