// SPDX-License-Identifier: Apache-2.0

/// From how many endpoints on a service is cut into parts, and how large these are.
///
/// The kernel finds a set by walking the list of all sets, so a map for each of M slots takes it M * M steps to load: nothing
/// at a hundred, less than a tenth of a second at a thousand, more than one at five thousand. Cut into parts, a service needs
/// a chain for each part, and slots for one part. But a new connection then takes some 5 % longer, so most services are not.
package struct PartLimits: Sendable {
    /// The most endpoints that a service may have without being cut.
    package var whole = 1024
    /// The most endpoints of a part; not more than a whole service may have.
    package var part = 128

    package init() {}

    /// Whether a service of so many endpoints is cut.
    func cut(_ count: Int) -> Bool { count > whole }

    /// How many endpoints each part of a service has; empty for one that is not cut.
    func sizes(of count: Int) -> [Int] {
        guard cut(count) else { return [] }
        let parts = (count + part - 1) / part
        return (0..<parts).map { count / parts + ($0 < count % parts ? 1 : 0) }
    }
}
