// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleDiscovery
internal import FerruleKubernetes
internal import FerruleResolution

/// `ferrule env`: prints the variables by which containers find services.
struct EnvCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print the environment variables by which containers find services.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: ["-f path --namespace name", "-f path --pod namespace/name"],
        description: """
            Prints the variables that kubelet gives to each container of a pod: of the services with a ClusterIP in the pod's \
            namespace, and of default/kubernetes. With --namespace it is about any pod of that namespace; with --pod, that pod's \
            enableServiceLinks counts too. Objects that say no namespace are in default, whatever --namespace says. A container gets those services that there are when it starts.
            """,
        examples: [
            "ferrule env -f cluster.yaml --pod shop/web-0",
            "ferrule env -f manifests/ --namespace shop --format json",
            "ferrule env -f cluster.yaml -n shop --format docker > shop.env",
        ],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.invalidInput,
                    "the input is invalid, or has no pod or namespace of the name that is asked for")
            ], Failure.always, Failure.ofInput),
        files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case env, json, docker
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The pod whose containers it is about; a NAME alone is looked for in the namespace of -n, else in default.",
                valueName: "namespace/name"))
        var pod: String?

        @Option(help: "How to print it; env: NAME=VALUE, one a line; docker: the same for `docker run --env-file`.")
        var format = Format.env
    }

    @OptionGroup(title: "Env options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard options.pod != nil || input.namespace != nil else {
            throw ValidationError("whose variables? Pass --pod NAMESPACE/NAME or --namespace NAMESPACE")
        }
        try input.refuseWriteLock(because: "env writes no file")
        _ = try podKey
    }

    private var podKey: ObjectKey? {
        get throws {
            guard let pod = options.pod else { return nil }
            let namespace = input.namespace ?? ObjectMeta.defaultNamespace
            guard let key = ObjectKey(pod.contains("/") ? pod : "\(namespace)/\(pod)") else {
                throw ValidationError("'\(pod)' is not a pod: write NAMESPACE/NAME")
            }
            return key
        }
    }

    func run() throws {
        let console = global.console
        // What --namespace asks for is whose variables, so it moves no objects.
        var read = input
        read.namespace = nil
        var pipeline = Pipeline(
            input: read, console: console, product: "no variables were made", coversAllNodes: true)
        pipeline.result = "the variables"
        let podKey = try podKey
        let listing = try pipeline.find { resolver in
            let subject = try subject(podKey, in: resolver, console)
            let named = resolver.namedServices {
                $0 == subject.namespace || $0 == ContainerEnvironment.apiServer.namespace
            }
            return Pipeline.Found(
                value: EnvListing(subject, named.services), lock: named.lock, diagnostics: named.diagnostics)
        }.value
        listing.notes.forEach(console.note)
        switch options.format {
        case .env, .docker: try console.result(listing.text)
        case .json: try console.result(try listing.json)
        }
    }

    /// The pod, or any of the namespace; says what is nearest where there is none.
    private func subject(
        _ podKey: ObjectKey?, in resolver: ClusterResolver, _ console: Console
    ) throws -> EnvListing.Subject {
        if let podKey {
            if let pod = resolver.pods[podKey] {
                return EnvListing.Subject(
                    namespace: podKey.namespace, pod: podKey.name, linksServices: pod.spec.enableServiceLinks ?? true)
            }
            let question = didYouMean(resolver.pods.sortedKeys.nearest(to: podKey))
            let isHinted = question == nil && resolver.store.namespaceNames.contains(podKey.namespace)
            console.failure(
                "the input has no pod \(podKey.description.brief())" + (question.map { "; \($0)" } ?? ""),
                hint: isHinted ? "--namespace \(podKey.namespace) is about any pod of the namespace" : nil)
            throw Failure.invalidInput
        }
        let namespace = input.namespace ?? ObjectMeta.defaultNamespace
        let known = resolver.store.namespaceNames
        guard known.contains(namespace) else {
            let question = didYouMean(known.nearest(to: namespace))
            let isElsewhere = resolver.store.services.objects.contains {
                $0.meta.namespace == ObjectMeta.defaultNamespace && ObjectKey($0.meta) != ContainerEnvironment.apiServer
            }
            console.failure(
                "the input has no namespace \(namespace)" + (question.map { "; \($0)" } ?? ""),
                hint: question == nil && isElsewhere
                    ? "objects that say no namespace are in default: --namespace default is about them" : nil)
            throw Failure.invalidInput
        }
        return EnvListing.Subject(namespace: namespace, pod: nil, linksServices: true)
    }
}

extension ClusterStore {
    /// The namespaces that objects are in or declare, and the one that every cluster has.
    fileprivate var namespaceNames: Set<String> {
        var names: Set<String> = [ObjectMeta.defaultNamespace]
        names.formUnion(namespaces.objects.lazy.map(\.meta.name))
        names.formUnion(services.objects.lazy.map(\.meta.namespace))
        names.formUnion(pods.objects.lazy.map(\.meta.namespace))
        for table in workloads.values { names.formUnion(table.objects.lazy.map(\.meta.namespace)) }
        return names
    }
}
