// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// The chains that it leads to, those in anonymous maps included.
    package var chains: [ChainName] { statements.flatMap(\.verdicts).compactMap(\.chain) }

    /// The named sets and maps that it reads or writes.
    package var sets: [SetName] { statements.compactMap(\.set) }
}
