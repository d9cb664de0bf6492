// SPDX-License-Identifier: Apache-2.0

/// The version of this build, as `--version` prints it and the kernel's record keeps it. `scripts/version` reads it from here,
/// and so do the packages.
package let ferruleVersion = "0.1.0"
