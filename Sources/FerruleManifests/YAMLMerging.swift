// SPDX-License-Identifier: Apache-2.0

/// Puts the mappings that `<<` names (YAML 1.1) in the place of that key, as Kubernetes' YAML library does: members count in
/// their order, the last of a name before all others, so that `<<` replaces what stands before it and not what stands behind
/// it. Of a list of mappings the first counts most.
struct YAMLMerging {
    /// Small texts may stand for endless ones.
    private let memberLimit: Int
    /// How many members have been merged, which takes time even where nothing comes of it.
    private var count = 0

    /// - Parameter memberLimit: more members than these are not merged.
    init(memberLimit: Int) { self.memberLimit = memberLimit }

    /// The members of a mapping, each name once if it is given once at most beside `<<`.
    mutating func members(of mapping: [YAMLNode.Member]) throws(YAMLProblem) -> [YAMLNode.Member] {
        guard mapping.contains(where: \.isMerge) else { return mapping }
        var members: [YAMLNode.Member] = []
        var positions: [String: Int] = [:]
        for member in mapping {
            for member in member.isMerge ? try merged(member.value) : [member] {
                if let position = positions[member.key] {
                    members[position] = member
                } else {
                    positions[member.key] = members.count
                    members.append(member)
                }
            }
        }
        return members
    }

    /// The members that the value of `<<` stands for; of several of one name the last counts.
    private mutating func merged(_ value: YAMLNode) throws(YAMLProblem) -> [YAMLNode.Member] {
        var sources = [value]
        if case .sequence(let list, _) = value { sources = list.reversed() }
        var members: [YAMLNode.Member] = []
        for source in sources {
            guard case .mapping(let mapping, let mark) = source else {
                throw YAMLProblem("only mappings can be merged with \"<<\"", source.mark)
            }
            let added = try self.members(of: mapping)
            count += 1 + added.count
            guard count <= memberLimit else { throw YAMLProblem.aliasBomb(mark) }
            members += added
        }
        return members
    }
}
