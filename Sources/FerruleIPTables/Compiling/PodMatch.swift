// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// How packets of pods are told from others by rules.
struct PodMatch {
    private let pods: PodTraffic
    private let mark: Mark
    private let family: IPFamily

    init(_ pods: PodTraffic, _ family: IPFamily, _ mark: Mark) {
        (self.pods, self.family, self.mark) = (pods.of(family), family, mark)
    }

    /// Whether a range holds every address. iptables-save leaves such a match out, and iptables takes none that says the opposite.
    private var areAll: Bool {
        guard case .ranges(let ranges) = pods else { return false }
        return ranges.contains { $0.length == 0 }
    }

    /// Marks packets of others; none where pods cannot be told, or there are no others.
    var markOthers: [IPTablesRule] {
        if areAll { return [] }
        if let match = single(negated: true) { return [IPTablesRule(match, target: .setMark(mark))] }
        return pods == .unknown ? [] : [IPTablesRule(target: .jump(.markOthers))]
    }

    /// The chain that ``markOthers`` needs, with its branches.
    var chains: [IPTablesChain] {
        guard case .ranges(let ranges) = pods, single(negated: true) == nil else { return [] }
        let tree = DispatchTree.addresses(
            "pod ranges", label: "marks what does not come from pods", family, isSource: true,
            otherwise: [IPTablesRule(target: .setMark(mark))])
        return tree.chains(
            .markOthers, ranges.map { DispatchTree.Entry($0, [IPTablesRule(.source($0), target: .return)]) })
    }

    /// Goes on with packets of pods and of the node itself, those of the node marked; leaves others, without a mark.
    func partInsiders(_ target: IPTablesTarget) -> [IPTablesRule] {
        if areAll { return [IPTablesRule(target: target)] }
        let node = [
            IPTablesRule(.sourceIsLocal, target: .setMark(mark)), IPTablesRule(.sourceIsLocal, target: target),
        ]
        if let match = single(negated: false) { return [IPTablesRule(match, target: target)] + node }
        guard pods != .unknown else { return node }
        return [
            IPTablesRule(target: .jump(.markOthers)), IPTablesRule(.mark(mark, negated: true), target: target),
            // Marked already.
            IPTablesRule(.sourceIsLocal, target: target), IPTablesRule(target: .clearMark(mark)),
        ]
    }

    /// The match that tells pods, where one does.
    private func single(negated: Bool) -> IPTablesMatch? {
        switch pods {
        case .unknown: nil
        case .ranges(let ranges): ranges.count == 1 ? .source(ranges[0], negated: negated) : nil
        case .interface(let name): .inputInterface(name, isPrefix: false, negated: negated)
        case .interfacePrefix(let prefix): .inputInterface(prefix, isPrefix: true, negated: negated)
        }
    }
}
