// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCluster
internal import FerruleListing
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleText

/// `ferrule get`: lists services or endpoints.
struct GetCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List services with their addresses, ports and endpoints, from definitions or from the kernel.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: ["-f path", "--live"],
        description: """
            Lists the services of all namespaces, or of that of -n, as `kubectl get services -o wide` does, with how many of their endpoints are \
            ready; wide lists the endpoints that traffic goes to, too. `ferrule get endpoints` lists the endpoints of each \
            service port with node, zone and state. With --node-name it is told what that node sees, else what any node does.

            A service is meant by NAMESPACE/NAME; by its NAME alone in every namespace, or in that of -n; NAMESPACE/ is for \
            all of a namespace, and * and ? stand for letters, as in 'shop/web-*'.

            With --live what stands in Ferrule's tables of the kernel is listed. There is no type, and no endpoint that gets \
            no traffic. Needs CAP_NET_ADMIN.
            """,
        examples: [
            "ferrule get -f cluster.yaml",
            "ferrule get -f cluster.yaml shop/web --format wide",
            "ferrule get endpoints -f cluster.yaml --node-name node-a shop/",
            "ferrule get --live",
        ],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.invalidInput, "the input is invalid, or there is no service of the name that is asked for")
            ], Failure.ofKernel, Failure.always, Failure.ofInput),
        files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, wide, json, name
    }

    /// What is listed.
    enum Subject: String, CaseIterable {
        case services, endpoints
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Argument(
            help: ArgumentHelp("services, which is left out mostly, or endpoints.", valueName: "what"),
            completion: .list(Subject.allCases.map(\.rawValue)))
        var what: String?

        @Argument(
            help: ArgumentHelp(
                "NAMESPACE/NAME, NAME, NAMESPACE/ or a pattern with * and ? (default: all).", valueName: "service"))
        var service: String?

        @Flag(help: "List what stands in the kernel.")
        var live = false

        @Option(help: "How to print it; name: service/NAMESPACE/NAME, or the endpoints as ADDRESS:PORT, one a line.")
        var format = Format.table
    }

    @OptionGroup(title: "Get options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// What is asked for: one word is a service unless it says what to list.
    private var question: (subject: Subject, service: String?) {
        get throws {
            guard let what = options.what else { return (.services, nil) }
            if let subject = Subject(rawValue: what) { return (subject, options.service) }
            guard options.service == nil else {
                throw ValidationError("'\(what)' is not services or endpoints, which are what can be listed")
            }
            return (.services, what)
        }
    }

    func validate() throws {
        guard !options.live || input.paths.isEmpty else {
            throw ValidationError(
                "--live lists what stands in the kernel, and -f what definitions say: pass one of them")
        }
        try input.refuseWriteLock(because: "get writes no file")
        _ = try selector
    }

    private var selector: ServiceSelector? {
        get throws {
            if let service = try question.service {
                return try ServiceSelector(
                    service, namespace: input.namespace, mayBeKind: options.service == nil && service == options.what)
            }
            return try input.namespace.map { try ServiceSelector("\($0)/", namespace: nil) }
        }
    }

    func run() throws {
        let console = global.console
        var listing = try options.live ? readKernel(console) : readDefinitions(console)
        if let selector = try selector {
            let chosen = listing.rows.filter { selector.includes($0.key) }
            guard !chosen.isEmpty else {
                let place = options.live ? "the kernel" : "the input"
                console.failure(selector.complaint(listing.rows.map(\.key), in: place))
                throw Failure.invalidInput
            }
            listing.rows = chosen
        }
        try console.result(text(of: listing, try question.subject))
    }

    private func text(of listing: Listing, _ subject: Subject) throws -> [UInt8] {
        switch (options.format, subject) {
        case (.table, .services), (.wide, .services): ListingTable(listing, isWide: options.format == .wide).services
        case (.table, .endpoints), (.wide, .endpoints): ListingTable(listing, isWide: options.format == .wide).endpoints
        case (.json, .services): Array((try listing.servicesJSON + "\n").utf8)
        case (.json, .endpoints): Array((try listing.endpointsJSON + "\n").utf8)
        case (.name, .services): lines(listing.rows.map { "service/\($0.key)" })
        case (.name, .endpoints): lines(listing.endpointNames)
        }
    }

    private func lines(_ names: [String]) -> [UInt8] { Array(names.map { $0.printable + "\n" }.joined().utf8) }

    private func readDefinitions(_ console: Console) throws -> Listing {
        let pipeline = Pipeline(input: input, console: console, product: "nothing is listed", coversAllNodes: true)
        let (rows, nodeName) = try pipeline.describe { resolver in
            resolver.overview { ServiceRow($0, $1, resolver) }
        }
        return Listing(source: .definitions, nodeName: nodeName, rows: ServiceListing.withoutLostAddresses(rows))
    }

    private func readKernel(_ console: Console) throws -> Listing {
        let ruleset = try KernelAccess(console: console).readTablesToShow()
        return Listing(source: .kernel, nodeName: nil, rows: ServiceListing.rows(of: ruleset))
    }
}

extension Listing {
    /// The endpoints of all services, each once, in their order.
    fileprivate var endpointNames: [String] {
        let endpoints = rows.lazy.flatMap(\.ports).flatMap(\.endpoints)
        let named = Set(endpoints.compactMap(\.endpoint)).sorted().map(\.description)
        return named + Set(endpoints.filter { $0.port == nil }.map(\.address)).sorted().map(\.description)
    }
}
