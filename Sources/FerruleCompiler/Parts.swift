// SPDX-License-Identifier: Apache-2.0

/// How many endpoints each part of a large service has.
///
/// A chain for each of thousands of slots takes the kernel far longer to load than the endpoints themselves. Cut into parts,
/// a service needs a chain for each part, and for the slots of the largest.
struct Parts {
    /// The most endpoints that a service may have without being cut, and that a part may have.
    static let largest = 128

    /// Empty for a service that is not cut.
    let sizes: [Int]

    init(of count: Int) {
        guard count > Parts.largest else {
            sizes = []
            return
        }
        let parts = (count + Parts.largest - 1) / Parts.largest
        sizes = (0..<parts).map { count / parts + ($0 < count % parts ? 1 : 0) }
    }
}
