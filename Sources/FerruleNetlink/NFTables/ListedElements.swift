// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The elements of a set while the kernel lists them: each message is read when it arrives, and then forgotten.
struct ListedElements {
    private let decoder: ElementDecoder
    private var read: [Element] = []
    private var boundaries: [ElementDecoder.Boundary] = []
    /// How many are nothing that Ferrule writes.
    private var foreignCount = 0

    init(_ decoder: ElementDecoder) { self.decoder = decoder }

    mutating func read(_ message: NetlinkMessage) {
        foreignCount +=
            decoder.listsBoundaries
            ? decoder.appendBoundaries(of: message, to: &boundaries) : decoder.appendElements(of: message, to: &read)
    }

    /// The elements that Ferrule may have written, sorted by key, and how many others there are.
    var elements: (known: [Element], foreignCount: Int) {
        guard decoder.listsBoundaries else {
            return (read.map { $0.key }.ascendingPositions.map { read[$0] }, foreignCount)
        }
        let ranges = decoder.ranges(boundaries)
        return (ranges.elements, foreignCount + ranges.foreignCount)
    }
}
