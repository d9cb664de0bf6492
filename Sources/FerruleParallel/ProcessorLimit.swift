// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How much processor time the control group of this process may use, as containers are limited: more threads than that would
/// only be stopped in turns.
///
/// See the kernel's `Documentation/admin-guide/cgroup-v2.rst` (`cpu.max`) and `Documentation/scheduler/sched-bwc.rst`
/// (`cpu.cfs_quota_us`, `cpu.cfs_period_us`).
package enum ProcessorLimit {
    /// How many processors' time may be used, rounded up; nil where there is no limit or none can be read.
    ///
    /// - Parameters:
    ///   - groups: `/proc/self/cgroup`: the group in each hierarchy.
    ///   - mounts: `/proc/self/mountinfo`: where the hierarchies can be read.
    ///   - read: the content of a file; nil where it cannot be read.
    package static func processors(groups: String, mounts: String, read: (String) -> String?) -> Int? {
        var limit: Double?
        for mount in mounts.split(separator: "\n").compactMap(Mount.init) {
            guard let group = mount.group(among: groups) else { continue }
            // The limits of all groups around this one hold as well.
            for folder in mount.folders(of: group) {
                guard let quota = quota(in: folder, isUnified: mount.isUnified, read) else { continue }
                limit = min(limit ?? quota, quota)
            }
        }
        return limit.map { max(1, Int($0.rounded(.up))) }
    }

    /// A group's quota divided by its period; nil where it has none.
    private static func quota(in folder: String, isUnified: Bool, _ read: (String) -> String?) -> Double? {
        let files = isUnified ? ["cpu.max"] : ["cpu.cfs_quota_us", "cpu.cfs_period_us"]
        let words = files.compactMap { read("\(folder)/\($0)") }.joined(separator: " ").split(
            whereSeparator: \.isWhitespace)
        // Without a limit the quota is `max` or -1.
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0, period > 0
        else {
            return nil
        }
        return min(quota / period, 1_000_000)
    }
}

/// A line of `/proc/self/mountinfo` for a hierarchy with the controller cpu (`proc_pid_mountinfo(5)`).
private struct Mount {
    /// The group that stands at the mount point.
    private let root: Substring
    private let point: Substring
    /// Whether it is the one hierarchy of cgroup v2.
    let isUnified: Bool

    init?(line: Substring) {
        let halves = line.split(separator: " - ", maxSplits: 1)
        guard halves.count == 2 else { return nil }
        let (place, type) = (halves[0].split(separator: " "), halves[1].split(separator: " "))
        guard place.count >= 5, type.count >= 3 else { return nil }
        (root, point) = (place[3], place[4])
        isUnified = type[0] == "cgroup2"
        guard isUnified || type[0] == "cgroup" && type[2].split(separator: ",").contains("cpu") else { return nil }
    }

    /// The path of the group in this hierarchy: `0::/path`, or `4:cpu,cpuacct:/path` (`cgroups(7)`).
    func group(among groups: String) -> Substring? {
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if isUnified ? parts[1].isEmpty : parts[1].split(separator: ",").contains("cpu") { return parts[2] }
        }
        return nil
    }

    /// The folders of a group and of those around it, as far as they are mounted. Of a group that is not below the mount's
    /// root, as in a container that sees its own part only, the mount point itself is the group.
    func folders(of group: Substring) -> [String] {
        let isBelow = root == "/" || group == root || group.hasPrefix(root + "/")
        let names = isBelow ? group.dropFirst(root == "/" ? 0 : root.count).split(separator: "/") : []
        return (0...names.count).map { count in
            ([point] + names.prefix(count)).joined(separator: "/")
        }
    }
}
