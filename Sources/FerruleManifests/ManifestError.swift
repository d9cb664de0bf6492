// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// Why an input could not be read at all; what is wrong *within* an input are diagnostics of ``Manifests``.
package enum ManifestError: Error, Sendable {
    /// Files or directories that are missing or cannot be read, one diagnostic for each.
    case unreadable([Diagnostic])
}
