// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

extension Ruleset {
    /// What packets find in its tables: the frontends of each, in no order of meaning.
    package var frontendViews: [FrontendView] { tables.flatMap { TableView($0, only: nil).frontends } }
}
