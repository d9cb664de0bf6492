// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleDiscovery
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleText

/// `ferrule dns`: prints the names by which services are found.
struct DNSCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "dns",
        abstract: "Print what the cluster's DNS answers: as zone files, a hosts file or JSON.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: Manual.ofInput,
        description: """
            Prints the records of the Kubernetes DNS specification 1.1, and what CoreDNS answers besides: addresses of services, \
            endpoints and pods, SRV of ports, CNAME of ExternalName services, PTR of addresses. There are three zones: the \
            cluster's domain, in-addr.arpa and ip6.arpa; --reverse cuts the latter two.

            Without -o zones are printed one after the other, each with its $ORIGIN; a server takes each from a file of its own, \
            which -o writes.
            """,
        examples: [
            "ferrule dns -f cluster.yaml",
            "ferrule dns -f cluster.yaml -o zones/ --reverse 10.96.0.0/16",
            "ferrule dns -f cluster.yaml --zone in-addr.arpa",
            "ferrule dns -f cluster.yaml --format hosts >> /etc/hosts",
        ],
        exitCodes: Failure.sorted(Failure.always, Failure.ofInput),
        files: Manual.File.ofInput + [
            Manual.File(path: "DIRECTORY/ZONE.zone", meaning: "A zone each, below the directory that -o names.")
        ])

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case zone, hosts, json
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(help: "How to print it; zone: as RFC 1035 has it; hosts: as in /etc/hosts.")
        var format = Format.zone

        @Option(
            help: ArgumentHelp("The cluster's domain (default: cluster.local).", valueName: "name"),
            transform: parseDomain)
        var domain = "cluster.local"

        @Option(help: ArgumentHelp("Print this zone alone.", valueName: "name"))
        var zone: String?

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp(
                "A directory for a file ZONE.zone each; for hosts and json a file. - is standard output.",
                valueName: "path"),
            completion: .file(), transform: parseOutputPath)
        var output: String?

        @Option(
            name: .customLong("reverse"),
            help: ArgumentHelp(
                "Ranges that have a reverse zone (default: all addresses); their length is a multiple of 8, in IPv6 of 4.",
                valueName: "cidr[,cidr]"),
            transform: parseReverseZones)
        var reverseZones: [ReverseZone]?

        @Option(
            name: .customLong("server-ip"),
            help: ArgumentHelp(
                "Addresses of the server that the zones are for (default: those of kube-system/kube-dns, else 127.0.0.1).",
                valueName: "ip[,ip]"),
            transform: { try CommaSeparated($0, "an IPv4 or IPv6 address, such as 192.0.2.53") { IPAddress($0) } })
        var serverAddresses = CommaSeparated<IPAddress>()

        @Option(
            name: .customLong("ttl"),
            help: ArgumentHelp("How long answers may be kept, 0-3600 seconds (default: 5).", valueName: "seconds"),
            transform: parseTimeToLive)
        var timeToLive: UInt32?

        @Option(
            help: ArgumentHelp("The zones' serial number (default: follows from the records).", valueName: "n"),
            transform: parseSerial)
        var serial: UInt32?
    }

    @OptionGroup(title: "DNS options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if options.format == .hosts, let flag = flagsOfZones.first(where: \.isGiven)?.name {
            throw ValidationError("a hosts file has no zones: leave \(flag) out")
        }
        let reverse = reverseZones.map(\.name)
        guard !reverse.contains(options.domain) else {
            throw ValidationError("--domain \(options.domain) is the name of a reverse zone: the cluster has another")
        }
        let zones = [options.domain] + reverse
        if let zone = options.zone, let name = zoneName, !zones.contains(name) {
            throw ValidationError("there is no zone '\(zone)', only \(zones.joined(separator: ", "))")
        }
        try input.refuseWriteLock(because: "dns keeps no allocations")
    }

    func run() throws {
        let console = global.console
        var pipeline = Pipeline(input: input, console: console, product: "no names were made", coversAllNodes: true)
        pipeline.result = "the names"
        let names = try pipeline.find { resolver in
            let named = resolver.namedServices()
            let names = ClusterDNS(named.services, pods: resolver.pods.objects, dnsOptions)
            return Pipeline.Found(
                value: names, lock: named.lock, diagnostics: named.diagnostics + names.diagnostics)
        }.value
        let zones = zones(of: names)
        if names.unlistedPointerCount > 0, options.format != .hosts {
            console.note(
                "left out, in none of the ranges of --reverse: \(counted(names.unlistedPointerCount, "PTR record"))")
        }
        switch options.format {
        case .zone:
            guard let output = path else { return try console.result(Array(zones.map(\.file).joined())) }
            try write(zones, below: output, console)
        case .hosts: try put(names.hostsFile, console)
        case .json: try put(zones.json(domain: options.domain), console)
        }
    }

    private var flagsOfZones: [(name: String, isGiven: Bool)] {
        [
            ("--zone", options.zone != nil), ("--reverse", options.reverseZones != nil),
            ("--server-ip", !options.serverAddresses.values.isEmpty), ("--ttl", options.timeToLive != nil),
            ("--serial", options.serial != nil),
        ]
    }

    private var reverseZones: [ReverseZone] { options.reverseZones ?? ReverseZone.all }

    private var dnsOptions: ClusterDNS.Options {
        var dns = ClusterDNS.Options()
        (dns.domain, dns.serial) = (options.domain, options.serial)
        if let timeToLive = options.timeToLive { dns.timeToLive = timeToLive }
        (dns.serverAddresses, dns.reverseZones) = (options.serverAddresses.values, reverseZones)
        return dns
    }

    /// Where to write; nil for standard output.
    private var path: String? { options.output == "-" ? nil : options.output }

    /// The zone that is asked for; nil for all.
    private var zoneName: String? {
        options.zone.map { ($0.hasSuffix(".") ? String($0.dropLast()) : $0).lowercased() }
    }

    private func zones(of names: ClusterDNS) -> [DNSZone] {
        zoneName.map { name in names.zones.filter { $0.name == name } } ?? names.zones
    }

    private func put(_ bytes: [UInt8], _ console: Console) throws {
        guard let path else { return try console.result(bytes) }
        try OutputFile(path: path).write(bytes, console)
    }

    private func write(_ zones: [DNSZone], below directory: String, _ console: Console) throws {
        try OutputFolder(path: directory).make(console)
        try OutputFile.write(
            zones.map { (OutputFile(path: "\(directory)/\($0.name).zone"), $0.file) }, console)
    }
}

@Sendable private func parseDomain(_ text: String) throws -> String {
    let name = (text.hasSuffix(".") ? String(text.dropLast()) : text).lowercased()
    if let problem = ClusterDNS.problem(ofDomain: name) { throw ValidationError("the domain '\(text)' \(problem)") }
    return name
}

@Sendable private func parseReverseZones(_ text: String) throws -> [ReverseZone] {
    let wanted = "a range whose length is a multiple of 8, in IPv6 of 4, such as 10.96.0.0/16"
    let zones = try CommaSeparated(text, wanted) { Prefix($0).flatMap(ReverseZone.init) }.values
    for (item, zone) in zip(text.filter { !$0.isWhitespace }.split(separator: ","), zones)
    where IPAddress(item.prefix { $0 != "/" }) != zone.range.address {
        throw ValidationError("'\(item)' begins within a range; did you mean \(zone.range)?")
    }
    if let twice = zones.indices.first(where: { zones[..<$0].contains(zones[$0]) }) {
        throw ValidationError("\(zones[twice].range) stands there twice")
    }
    return zones
}

@Sendable private func parseSerial(_ text: String) throws -> UInt32 {
    guard let serial = UInt32(text) else {
        throw ValidationError("'\(text)' is not a serial number, 0 to \(UInt32.max)")
    }
    return serial
}

@Sendable private func parseTimeToLive(_ text: String) throws -> UInt32 {
    guard let seconds = UInt32(text), seconds <= 3600 else {
        throw ValidationError("'\(text)' is not a number of seconds, 0 to 3600")
    }
    return seconds
}
