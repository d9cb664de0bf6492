// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Dispatch
internal import FerruleAgent
internal import FerruleKubernetes
internal import FerruleManifests
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleResolution
internal import Logging
internal import SystemPackage

/// `ferrule run`: keeps this node's kernel at what an API server or files say.
struct RunCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Keep this node's kernel at what a cluster's Services are, as they change.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: ["", "--kubeconfig file", "-f path"],
        description: """
            Follows an API server: the one that --kubeconfig names, else that of the pod it runs in, by its service account. \
            What changes is in the kernel at once, by a transaction of what is different. Nothing is sent before all Services, \
            EndpointSlices and the Node have been seen once; while the server is away, what stands in the kernel stays.

            With -f it follows files and folders instead. An input that does not parse, or that would empty the node, changes \
            nothing and is said.

            What others change in Ferrule's tables is put right. SIGTERM and SIGINT end it with 0, and what stands in the \
            kernel stays; SIGHUP has --config read again, as a change of the file does; SIGUSR1 switches debug messages on and \
            off. One at a time runs in a network namespace: the second \
            exits with 75. Messages go to standard error.
            """,
        examples: [
            "ferrule run --kubeconfig /etc/kubernetes/kube-proxy.conf",
            "ferrule run --config /var/lib/kube-proxy/config.conf --log-format json",
            "ferrule run -f /etc/ferrule --node-name node-a",
        ],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.refused,
                    "another agent runs in this network namespace, or rules of the backend iptables stand there")
            ],
            Failure.ofKernel, Failure.always, Failure.ofInput),
        files: Manual.File.ofInput)

    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    enum LogLevel: String, ExpressibleByArgument, CaseIterable {
        case debug, info, warning, error

        var level: Logger.Level {
            switch self {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        }
    }

    /// Who may have served the node before.
    enum Predecessor: String, ExpressibleByArgument, CaseIterable {
        case kubeProxy = "kube-proxy"
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "How to reach the API server, and as whom (default: the pod's service account).", valueName: "file"),
            completion: .file())
        var kubeconfig: String?

        @Option(help: ArgumentHelp("A context of the kubeconfig, in place of its current one.", valueName: "name"))
        var context: String?

        @Option(
            help: ArgumentHelp(
                "Whose tables to remove in the transaction in which Ferrule's first stand: kube-proxy, which must have "
                    + "been stopped.", valueName: "name"))
        var takeOver: Predecessor?

        @Flag(help: "Follow also an input that would take all services, or all their endpoints, from this node.")
        var allowEmpty = false

        @Option(help: "How messages are written.")
        var logFormat = LogFormat.text

        @Option(
            help: "The least important messages that are written (default: info; error with -q, debug with -v).")
        var logLevel: LogLevel?
    }

    @OptionGroup(title: "Run options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard input.paths.isEmpty || options.kubeconfig == nil else {
            throw ValidationError("-f and --kubeconfig: either files or an API server can be followed")
        }
        let mayHaveKubeconfig = options.kubeconfig != nil || input.paths.isEmpty && input.configurationPath != nil
        guard options.context == nil || mayHaveKubeconfig else {
            throw ValidationError("--context needs --kubeconfig FILE, or a --config that names one")
        }
        if let path = input.paths.first(where: FileContent.isPipe) {
            throw ValidationError(
                "-f \(path): \(path == "-" ? "standard input" : "a pipe or device") cannot be followed; pass files or folders"
            )
        }
        if input.paths.isEmpty, let (option, reason) = optionOfFiles {
            throw ValidationError("\(option): \(reason); it is for -f PATH")
        }
        guard !input.writeLock else { throw ValidationError("--write-lock: nothing is allocated for good by `run`") }
    }

    /// An option that was given and says nothing to what an API server has, and why; nil for none.
    private var optionOfFiles: (option: String, reason: String)? {
        if input.lockPath != nil { return ("--lock", "an API server has given each service what it has") }
        if !input.exclude.isEmpty { return ("--exclude", "an API server has no files and folders") }
        if input.namespace != nil { return ("--namespace", "an API server's objects say theirs") }
        if options.allowEmpty { return ("--allow-empty", "an API server is followed also where it has no services") }
        if input.isStrict { return ("--strict", "what an API server has stored is followed as it is") }
        return input.assumePods ? ("--assume-pods", "an API server tells of the pods that there are") : nil
    }

    func run() throws {
        // Before anything that may take its time, as a configuration that comes from a pipe.
        let mailbox = Mailbox()
        AgentSignals.deliver(to: mailbox)
        DescriptorLimit.raise()
        let console = global.console
        let machine = Machine.current()
        let log = AgentLog.logger(options.logFormat == .json ? .json : .text, leastLevel)
        let reading = ConfigurationReading(input, console)
        reading.say(log)
        let configuration = try reading.result.get()
        let resolution = input.resolution(configuration, host: machine)
        let remembered = try Pipeline(input: input, console: console).remembered()
        let state = AgentState()
        let lock = try lock(console)
        let both = BothBackends(console: console)
        try both.refuse(both.iptables(), replaces: false)
        let follow = try source(resolution, remembered, configuration, state, log, console)
        let servers = healthServers(configuration, state, log)
        var settings = Agent.Settings(
            resolution, try input.compiler(configuration, families: IPFamily.allCases), version: ferruleVersion)
        settings.remembered = remembered
        settings.takesOverFromKubeProxy = options.takeOver == .kubeProxy
        let conntrack = ConntrackKeeper(log)
        var rereading = ConfigurationRereading(input, settings, reading, conntrack, console, log)
        let configurationPath = rereading.path
        // Who follows files has said nothing of connection tracking, unless a configuration does.
        if let wanted = configuration?.conntrack ?? (input.paths.isEmpty ? .init() : nil) { conntrack.want(wanted) }
        var agent = try KernelAccess(console: console).perform(.before) { _ throws(NetlinkError) in
            try Agent(settings, mailbox, state, log, onHealthChecks: servers, onReady: conntrack.writeMissing) {
                rereading.read(isAsked: $0)
            }
        }
        if let configurationPath { ConfigurationWatch.start(configurationPath, mailbox) }
        let endFollowing = follow(mailbox)
        agent.run()
        endFollowing()
        extendLifetime(lock)
    }

    /// The least important messages that are written.
    private var leastLevel: Logger.Level {
        options.logLevel?.level ?? (global.quiet ? .error : global.verbose > 0 ? .debug : .info)
    }

    /// What says that an agent works here.
    private func lock(_ console: Console) throws -> AgentLock {
        do throws(Errno) {
            if let lock = try AgentLock() { return lock }
            console.failure("another `ferrule run` works in this network namespace")
        } catch {
            console.failure("whether another `ferrule run` works in this network namespace cannot be told: \(error)")
        }
        throw Failure.refused
    }

    private func files(_ resolution: ResolutionOptions, _ remembered: AllocationLock) -> FileSource.Options {
        var files = FileSource.Options(input.paths)
        (files.namespace, files.excluded, files.isStrict) = (input.namespace, input.exclude, input.isStrict)
        files.validation = ValidationOptions(nodePortRange: input.nodePortRange, namespace: input.namespace)
        (files.resolution, files.remembered) = (resolution, remembered)
        files.resolution.refusesGaps = !options.allowEmpty
        return files
    }

    /// Starts the servers that a kube-proxy has; returns who is told of the health checks of services.
    private func healthServers(
        _ configuration: KubeProxyConfiguration?, _ state: AgentState, _ log: Logger
    ) -> ([NodeKeeper.HealthCheck], [IPAddress]) -> Void {
        #if APIServer
            let configuration = configuration ?? KubeProxyConfiguration()
            // Who follows files has said nothing of servers, unless a configuration does.
            let isAsked = input.paths.isEmpty
            let servers = HealthServers(
                state,
                health: isAsked || configuration.healthzBindAddress != nil ? configuration.healthAddress : nil,
                metrics: isAsked || configuration.metricsBindAddress != nil ? configuration.metricsAddress : nil, log)
            return { servers.follow($0, at: $1) }
        #else
            return { _, _ in }
        #endif
    }

    /// What is followed, to be started; that returns what ends it.
    private func source(
        _ resolution: ResolutionOptions, _ remembered: AllocationLock, _ configuration: KubeProxyConfiguration?,
        _ state: AgentState, _ log: Logger, _ console: Console
    ) throws -> (Mailbox) -> () -> Void {
        guard input.paths.isEmpty else {
            let files = files(resolution, remembered)
            return { mailbox in
                DispatchQueue(label: "ferrule.files").async {
                    var source = FileSource(files, log)
                    source.follow(mailbox)
                }
                return {}
            }
        }
        #if APIServer
            let source = try serverSource(resolution, configuration, state, log, console)
            return { mailbox in
                let hasEnded = DispatchSemaphore(value: 0)
                let following = Task {
                    await source.follow(mailbox)
                    hasEnded.signal()
                }
                return {
                    following.cancel()
                    // A credential plugin would go on without its agent; whoever waits for that has its second.
                    _ = hasEnded.wait(timeout: .now() + .milliseconds(500))
                }
            }
        #else
            throw ValidationError("no input: this program was built to follow files alone; pass them with -f")
        #endif
    }
}
