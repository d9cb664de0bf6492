// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleCompiler
package import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset

/// A cluster as the ports of its services, which is how many tests make one and change it.
extension ResolvedCluster {
    /// The ports of all services. When set, neighbours of one name make a service; services without ports stay.
    package var ports: [ResolvedPort] {
        get { services.flatMap(\.ports) }
        set {
            let others = services.filter { $0.kind != .virtual }
            services = []
            for port in newValue {
                let key = ObjectKey(port.namespace, port.service)
                if let last = services.indices.last, services[last].key == key {
                    services[last].ports.append(port)
                } else {
                    services.append(ResolvedService(key, .virtual, ports: [port]))
                }
            }
            services += others
        }
    }

    package var podTraffic: PodTraffic {
        get { surroundings.podTraffic }
        set { surroundings.podTraffic = newValue }
    }

    package var serviceCIDRs: [Prefix] {
        get { surroundings.serviceCIDRs }
        set { surroundings.serviceCIDRs = newValue }
    }

    package var nodePortAddresses: [IPFamily: NodePortAddresses] {
        get { surroundings.nodePortAddresses }
        set { surroundings.nodePortAddresses = newValue }
    }
}

extension Mark {
    /// The usual mark.
    package static let forTests: Mark = {
        guard let mark = Mark(bit: 14) else { preconditionFailure("14 is a bit") }
        return mark
    }()
}

extension CompilerOptions {
    /// The usual mark, and services cut into parts from 129 endpoints on.
    package static let forTests: CompilerOptions = {
        var options = CompilerOptions(mark: .forTests)
        options.partLimits.whole = 128
        return options
    }()
}
