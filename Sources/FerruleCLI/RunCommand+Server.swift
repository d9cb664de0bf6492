// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import FerruleAPIServer
    internal import FerruleKubernetes
    internal import FoundationEssentials

    extension RunCommand {
        /// The API server to follow.
        func client(_ configuration: KubeProxyConfiguration?, _ console: Console) throws -> APIClient {
            let environment = ProcessInfo.processInfo.environment
            do throws(AccessError) {
                let access: Access
                if let file = options.kubeconfig ?? configuration?.kubeconfig {
                    access = try Kubeconfig(file: file).access(context: options.context, environment: environment)
                } else {
                    access = try .serviceAccount(environment: environment)
                }
                return try APIClient(access)
            } catch {
                console.failure("\(error)", hint: "pass --kubeconfig FILE, or -f PATH to follow files")
                throw Failure.unreadableInput
            }
        }
    }
#endif
