// SPDX-License-Identifier: Apache-2.0
//
// TestConditions: where tests run, and what of that decides whether they do. It knows nothing of what is being tested.

/// Continuous integration, where everything that a test needs must be there.
package enum ContinuousIntegration {
    /// The variable by which `.ci/run`, as every service of this kind, says so.
    package static let variable = "CI"

    /// Whether the tests run there.
    package static let isHere = EnvironmentSwitch.isOn(variable)

    /// Whether tests that need something run: where it is there; in continuous integration always, so that they fail where it
    /// is not.
    ///
    /// - Parameter missing: why it is not there; nil if it is.
    package static func runsTests(missing: String?, isHere: Bool = ContinuousIntegration.isHere) -> Bool {
        missing == nil || isHere
    }
}
