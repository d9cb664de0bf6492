// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleDiagnostics
internal import FerruleIngress
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleText

/// `ferrule ingress`: prints Ingresses as a configuration of HAProxy.
struct IngressCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingress", abstract: "Print Ingresses as a configuration of HAProxy.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: Manual.ofInput,
        description: """
            Leads requests by host and path to the endpoints of services that are ready, or with --through-services to their \
            ClusterIPs. `haproxy -c -f FILE` accepts what is printed. What no rule is for gets the default backend, else 404; \
            a service without endpoints, 503.

            With --tls-directory the certificates that Ingresses name are written there from their Secrets, in files that \
            only their owner reads, beside a list of the names that each is for. Nothing of a Secret is printed.
            """,
        examples: [
            "ferrule ingress -f cluster.yaml -o haproxy.cfg",
            "ferrule ingress -f manifests/ --assume-pods",
            "ferrule ingress -f cluster.yaml --tls-directory /etc/haproxy/tls",
        ],
        exitCodes: Failure.sorted(
            [Failure.Meaning(Failure.invalidInput, "the input is invalid, or has no Ingress of the --class")],
            Failure.always, Failure.ofInput),
        files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case haproxy
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(help: "Which program it is printed for.")
        var format = Format.haproxy

        @Option(
            name: .customLong("class"),
            help: ArgumentHelp("The class of the Ingresses (default: all Ingresses).", valueName: "name"))
        var className: String?

        @Flag(help: "Send requests to the ClusterIPs of services, for the node's rules to spread.")
        var throughServices = false

        @Option(
            help: ArgumentHelp("The addresses to listen on (default: all of IPv4).", valueName: "ip[,ip]"),
            transform: { try CommaSeparated($0, "an IPv4 or IPv6 address, such as 192.0.2.11 or ::") { IPAddress($0) } }
        )
        var bind = CommaSeparated<IPAddress>()

        @Option(
            name: .customLong("http-port"), help: ArgumentHelp("The port of HTTP (default: 80).", valueName: "port"),
            transform: parsePort)
        var httpPort: Port?

        @Option(
            name: .customLong("https-port"), help: ArgumentHelp("The port of HTTPS (default: 443).", valueName: "port"),
            transform: parsePort)
        var httpsPort: Port?

        @Option(
            help: ArgumentHelp(
                "Where certificates are written from their Secrets, and where HAProxy finds them.", valueName: "dir"),
            completion: .directory)
        var tlsDirectory: String?

        @Option(
            name: .shortAndLong, help: ArgumentHelp("Write to a file; - is standard output.", valueName: "file"),
            completion: .file(), transform: parseOutputPath)
        var output: String?
    }

    @OptionGroup(title: "Ingress options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try input.refuseWriteLock(because: "ingress writes no lock file")
        _ = try printing
        if let folder = options.tlsDirectory, !CertificateFolder.isUsable(folder) {
            throw ValidationError(
                "--tls-directory \(quoted(folder)): HAProxy's lists of certificates hold paths of letters, digits and "
                    + "\"-\", \".\", \"_\" and \"/\" alone")
        }
    }

    private var printing: HAProxyConfiguration.Options {
        get throws {
            guard let http = options.httpPort ?? Port(80), let https = options.httpsPort ?? Port(443) else {
                throw Failure.defect
            }
            guard http != https || options.tlsDirectory == nil else {
                throw ValidationError("--http-port and --https-port are both \(http)")
            }
            var printing = HAProxyConfiguration.Options(httpPort: http, httpsPort: https)
            printing.addresses = options.bind.values
            printing.certificateFolder = options.tlsDirectory
            return printing
        }
    }

    func run() throws {
        let console = global.console
        var pipeline = Pipeline(
            input: input, console: console, product: "no configuration was made", coversAllNodes: true)
        pipeline.kinds = ObjectKind.ofServices.union([.ingress, .ingressClass])
        // Secrets are not even read where nobody wants what they hold.
        if options.tlsDirectory != nil { pipeline.kinds.insert(.secret) }
        pipeline.result = "the configuration"
        pipeline.showsAllocations = options.throughServices
        let parsed = try pipeline.parse()
        let services = try pipeline.describe(parsed) { resolver in resolver.overview(ServiceOnNode.init) }.descriptions
        var wanted = IngressCompiler.Options()
        wanted.className = options.className
        wanted.usesClusterIPs = options.throughServices
        wanted.servesTLS = options.tlsDirectory != nil
        let result = IngressCompiler.compile(parsed.manifests.objects, services: services, options: wanted)
        _ = try pipeline.report(result.diagnostics, in: parsed.manifests)
        try say(result, console)
        let bytes =
            switch options.format {
            case .haproxy: try HAProxyConfiguration.text(of: result.routing, printing)
            }
        var contents: [(file: OutputFile, bytes: [UInt8])] = []
        if let path = options.tlsDirectory, !result.routing.certificates.isEmpty {
            let folder = CertificateFolder(path: path)
            try folder.make(console)
            let files = CertificateFiles(result.routing.certificates, folder: path).files
            contents = files.map { (folder.file($0.name), $0.bytes) }
        }
        let output = options.output == "-" ? nil : options.output
        if let output { contents.append((OutputFile(path: output), bytes)) }
        // Together, so that no new certificate stands beside an old configuration because there is no place for a new one.
        try OutputFile.write(contents, console)
        if output == nil { try console.result(bytes) }
    }

    /// Says what is left out, and fails where nothing is left.
    private func say(_ result: IngressCompiler.Result, _ console: Console) throws {
        let classes = result.otherClasses.prefix(10).map(quoted).joined(separator: ", ")
        if let name = options.className, result.routing.ingressCount == 0 {
            console.failure(
                "no Ingress of the input is of class \(quoted(name))"
                    + (classes.isEmpty ? "" : "; there are some of \(classes)"))
            throw Failure.invalidInput
        }
        if result.otherCount > 0 {
            let count = counted(result.otherCount, "Ingress", plural: "Ingresses")
            console.note(
                "left out: \(count) of " + (classes.isEmpty ? "no class" : "other classes (\(classes)) or none"))
        }
        if result.tlsCount > 0, options.tlsDirectory == nil {
            let count = counted(result.tlsCount, "Ingress asks", plural: "Ingresses ask")
            console.note("\(count) for TLS, which is left out; --tls-directory DIR serves it")
        }
        if let first = result.firstAnnotation {
            let count = counted(result.annotationCount, "annotation")
            console.note("ignored: \(count) for other controllers, the first of them \(first)")
        }
        if result.routing.ingressCount == 0 { console.note("the input has no Ingress: every request gets 404") }
    }
}

@Sendable private func parsePort(_ text: String) throws -> Port {
    guard let port = Int(text).flatMap({ Port($0) }) else {
        throw ValidationError("'\(text)' is not a port, 1 to 65535")
    }
    return port
}
