// SPDX-License-Identifier: Apache-2.0

internal import FerruleListing

/// The services that `get` has found, and where.
struct Listing {
    enum Source: String {
        case definitions, kernel
    }

    let source: Source
    /// The node that it is for; nil for all nodes, and for that of the kernel.
    let nodeName: String?
    /// In the order of namespace and name.
    var rows: [ServiceRow]
}
