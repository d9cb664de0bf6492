// SPDX-License-Identifier: Apache-2.0

import NetworkLab
import Testing

extension Trait where Self == ConditionTrait {
    /// Skips a suite, with the reason, where no namespace can be had; in CI it runs and fails there.
    static var needsNamespaces: Self {
        .enabled(
            if: Namespace.isRequiredOrAvailable,
            Comment(rawValue: Namespace.unavailability ?? "namespaces are available"))
    }
}
