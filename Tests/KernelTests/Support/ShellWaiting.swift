// SPDX-License-Identifier: Apache-2.0

/// Waiting in shell scripts of tests.
enum ShellWaiting {
    /// The shell function `until_true COMMAND...`: returns 0 as soon as the command does, and 1 where it has not in 15 seconds.
    static let untilTrue =
        #"until_true() { for _ in $(seq 300); do if "$@" > /dev/null; then return 0; fi; sleep 0.05; done; return 1; }"#
}
