// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many files and sockets the process may have open at once.
package enum DescriptorLimit {
    /// Raises it as far as is allowed (setrlimit(2)): what systemd and shells set is 1,024, for programs that use select(2), and
    /// whoever may ask for health could use that up.
    package static func raise() {
        let resource = Int32(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(resource, &limit)
    }
}
