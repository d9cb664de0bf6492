// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A variable of the environment that switches something on.
package enum EnvironmentSwitch {
    /// Whether a variable is set to something that means yes.
    package static func isOn(_ variable: String) -> Bool {
        isOn(value: unsafe getenv(variable).map { unsafe String(cString: $0) })
    }

    /// Whether a value means yes: `1`, `true` and whatever else, but not an empty value, `0`, `false`, nor none.
    package static func isOn(value: String?) -> Bool { !["", "0", "false"].contains(value ?? "") }
}
