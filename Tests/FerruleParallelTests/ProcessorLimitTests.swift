// SPDX-License-Identifier: Apache-2.0

import FerruleParallel
import Testing

/// How control groups limit processors, as they stand in the files of a system.
struct ProcessorLimitTests {
    private static let unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let old = "36 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct\n"

    private func limit(_ groups: String, _ mounts: String, _ files: [String: String]) -> Int? {
        ProcessorLimit.processors(groups: groups, mounts: mounts) { files[$0] }
    }

    @Test("cgroup v2: the quota of the group and of every one around it")
    func versionTwo() {
        let files = [
            "/sys/fs/cgroup/a/cpu.max": "150000 100000\n", "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/cpu.max": "400000 100000\n",
        ]
        #expect(limit("0::/a/b\n", Self.unified, files) == 2)
        #expect(limit("0::/x\n", Self.unified, files) == 4)
        #expect(limit("0::/\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "max 100000\n"]) == nil)
        #expect(limit("0::/\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "5000 100000\n"]) == 1)
    }

    @Test("cgroup v1: quota and period are two files, and other hierarchies do not count")
    func versionOne() {
        let folder = "/sys/fs/cgroup/cpu,cpuacct"
        let groups = "5:memory:/m\n4:cpu,cpuacct:/pod/c\n1:name=systemd:/s\n0::/u\n"
        let files = ["\(folder)/pod/c/cpu.cfs_quota_us": "250000\n", "\(folder)/pod/c/cpu.cfs_period_us": "100000\n"]
        #expect(limit(groups, Self.old + Self.unified, files) == 3)
        let none = ["\(folder)/pod/c/cpu.cfs_quota_us": "-1\n", "\(folder)/pod/c/cpu.cfs_period_us": "100000\n"]
        #expect(limit(groups, Self.old, none) == nil)
    }

    @Test("in a container the mount shows a part of the hierarchy")
    func container() {
        let mount = "9 8 0:26 /pod/c /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
        let files = ["/sys/fs/cgroup/cpu.max": "100000 100000", "/sys/fs/cgroup/d/cpu.max": "50000 100000"]
        #expect(limit("0::/pod/c\n", mount, files) == 1)
        #expect(limit("0::/pod/c/d\n", mount, files) == 1)
        #expect(limit("0::/elsewhere\n", mount, files) == 1)
    }

    @Test("what cannot be read or understood is no limit")
    func nonsense() {
        #expect(limit("", "", [:]) == nil)
        #expect(limit("0::/\n", Self.unified, [:]) == nil)
        #expect(limit("0::/\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "x y\n"]) == nil)
        #expect(limit("0::/\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "1 0\n"]) == nil)
        #expect(limit("x\n:\n0:\n", " - \na - b\n" + Self.unified, ["/sys/fs/cgroup/cpu.max": "1 1"]) == nil)
        #expect(limit("0::/\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "1e300 1"]) == 1_000_000)
    }

    @Test("the number of threads has bounds")
    func bounds() {
        #expect((1...16).contains(processorCount))
    }
}
