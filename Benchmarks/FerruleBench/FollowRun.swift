// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import FerruleMemory

/// What changes cost a program that keeps the state of a whole cluster, and what the state costs.
struct FollowRun: Measurement {
    /// Of one group.
    let model: SyntheticModel
    /// How often each kind of change is measured.
    let rounds: Int
    /// How many changes come in one batch; 0 to leave that out.
    let batch: Int

    func measure() throws -> FollowCosts {
        var costs = FollowCosts()
        let before = try PeakMemory.resident()
        var cluster = try FollowedCluster(model.objects())
        // What the allocator keeps of what has been freed is not the state's.
        ProcessMemory.returnAll()
        costs.residentBytes = try PeakMemory.resident() - before
        for kind in FollowedChange.allCases {
            var measured = FollowCosts.Change(kind: kind)
            for round in 0..<rounds {
                for changes in kind.changes(of: model, round) {
                    let (step, time) = try processorSeconds { try cluster.follow(changes) }
                    measured.seconds.append(time)
                    measured.contributions = max(measured.contributions, step.contributions)
                    measured.compared = max(measured.compared, step.compared)
                    measured.bytes = max(measured.bytes, step.bytes)
                }
            }
            costs.changes.append(measured)
        }
        try replaceAll(in: &cluster)
        ProcessMemory.returnAll()
        costs.usedBytes = try PeakMemory.resident() - before
        guard batch > 0 else { return costs }
        for round in 0..<3 {
            let changes = (0..<batch).flatMap {
                FollowedChange.replacement(of: model, service: $0, pod: 2_000_000 + round * batch + $0)
            }
            costs.batch.append(try processorSeconds { try cluster.follow(changes) }.seconds)
            let fewer = (0..<batch / 10).flatMap {
                FollowedChange.replacement(of: model, service: $0, pod: 3_000_000 + round * batch + $0)
            }
            costs.tenth.append(try processorSeconds { try cluster.follow(fewer) }.seconds)
            let objects = SyntheticModel((batch, model.groups.first?.endpoints ?? 0)).objects()
            costs.fold.append(try processorSeconds { try FollowedCluster(objects).firstBytes }.seconds)
        }
        return costs
    }

    /// An endpoint of each service comes to stand in another slot than that of its order.
    private func replaceAll(in cluster: inout FollowedCluster) throws {
        let services = model.groups.first?.services ?? 0
        for first in stride(from: 0, to: services, by: 1_000) {
            let changes = (first..<min(first + 1_000, services)).flatMap {
                FollowedChange.replacement(of: model, service: $0, pod: 5_000_000 + $0)
            }
            _ = try cluster.follow(changes)
        }
    }
}

/// A kind of change of one service.
enum FollowedChange: String, Codable, CaseIterable {
    case endpoint = "one endpoint replaced"
    case added = "service added"
    case deleted = "service deleted"
    case scaled = "service scaled by one"
    case affinity = "affinity switched"

    /// The changes of one round, each with what happens at once.
    func changes(of model: SyntheticModel, _ round: Int) -> [[ClusterChange]] {
        // Another service each time, in no order that a cache could like.
        let services = model.groups.first?.services ?? 1
        let service = round &* 7919 % services
        var object = model.service(service)
        switch self {
        case .endpoint: return [Self.replacement(of: model, service: service, pod: 1_000_000 + round)]
        case .added:
            let new = services + round
            let slice = model.slice(of: new, number: 0, pods: model.pods(of: new))
            return [[.put(.service(model.service(new))), .put(.endpointSlice(slice))]]
        case .deleted:
            let key = ObjectKey(model.service(services + round).meta)
            let slice = model.slice(of: services + round, number: 0, pods: 0..<0)
            return [[.delete(.service, key), .delete(.endpointSlice, ObjectKey(slice.meta))]]
        case .scaled:
            let pods = model.pods(of: service)
            return [pods.lowerBound..<pods.upperBound + 1, pods].map {
                [.put(.endpointSlice(model.slice(of: service, number: 0, pods: $0)))]
            }
        case .affinity:
            let plain = object
            object.spec.sessionAffinity = "ClientIP"
            return [[.put(.service(object))], [.put(.service(plain))]]
        }
    }

    /// A service's first endpoint at the address of another pod.
    static func replacement(of model: SyntheticModel, service: Int, pod: Int) -> [ClusterChange] {
        var slice = model.slice(of: service, number: 0, pods: model.pods(of: service))
        slice.endpoints[0] = model.slice(of: service, number: 0, pods: pod..<pod + 1).endpoints[0]
        return [.put(.endpointSlice(slice))]
    }
}

/// Processor time in seconds.
struct FollowCosts: Codable {
    struct Change: Codable {
        let kind: FollowedChange
        var seconds: [Double] = []
        /// The most that one change took of these.
        var contributions = 0
        var compared = 0
        var bytes = 0

        init(kind: FollowedChange) { self.kind = kind }
    }

    var changes: [Change] = []
    /// What the whole state keeps resident, objects included.
    var residentBytes = 0
    /// The same after an endpoint of each service has been replaced.
    var usedBytes = 0
    var batch: [Double] = []
    /// A batch of a tenth as many changes.
    var tenth: [Double] = []
    /// The same services from nothing: to the same state, and to the encoded transaction.
    var fold: [Double] = []

    /// The times of a kind of change.
    subscript(_ kind: FollowedChange) -> [Double] { changes.first { $0.kind == kind }?.seconds ?? [] }
}
