// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import FerruleAPIServer
    internal import FerruleAgent
    internal import FerruleKubernetes
    internal import FerruleResolution
    internal import ArgumentParser
    internal import FoundationEssentials
    internal import Logging

    extension RunCommand {
        /// Follows the API server.
        func serverSource(
            _ resolution: ResolutionOptions, _ configuration: KubeProxyConfiguration?, _ state: AgentState,
            _ log: Logger, _ console: Console
        ) throws -> ServerSource {
            var times = FollowTimes()
            // Who says the node's addresses need not wait for its object.
            if !resolution.nodeAddresses.isEmpty || resolution.bindAddress != nil { times.missingNode = .zero }
            return ServerSource(
                try client(configuration, console), node: resolution.nodeName ?? "", nodePortRange: input.nodePortRange,
                times: times, state, log)
        }

        private func client(_ configuration: KubeProxyConfiguration?, _ console: Console) throws -> APIClient {
            let environment = ProcessInfo.processInfo.environment
            let file = options.kubeconfig ?? configuration?.kubeconfig
            guard options.context == nil || file != nil else {
                throw ValidationError("--context needs a kubeconfig, and --config names none")
            }
            do throws(AccessError) {
                let access: Access
                if let file {
                    access = try Kubeconfig(file: file).access(context: options.context, environment: environment)
                } else {
                    access = try .serviceAccount(environment: environment)
                }
                return try APIClient(access)
            } catch {
                // Whoever names a file knows these.
                let hint = file == nil ? "pass --kubeconfig FILE, or -f PATH to follow files" : nil
                console.failure("\(error)", hint: hint)
                throw error.isUnreadable ? Failure.unreadableInput : Failure.invalidInput
            }
        }
    }
#endif
