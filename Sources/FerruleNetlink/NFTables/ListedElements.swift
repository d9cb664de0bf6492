// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// The elements of a set while the kernel lists them: each message is read when it arrives, and then forgotten.
struct ListedElements {
    private let decoder: ElementDecoder
    private var read: [Element] = []
    private var boundaries: [ElementDecoder.Boundary] = []
    /// Whether one of them is nothing that Ferrule writes.
    private var isForeign = false

    init(_ decoder: ElementDecoder) { self.decoder = decoder }

    mutating func read(_ message: NetlinkMessage) {
        guard !isForeign else { return }
        isForeign =
            decoder.listsBoundaries
            ? !decoder.appendBoundaries(of: message, to: &boundaries) : !decoder.appendElements(of: message, to: &read)
    }

    /// The elements, sorted by key; nil if one of them is nothing that Ferrule writes.
    var elements: [Element]? {
        guard !isForeign else { return nil }
        if decoder.listsBoundaries { return decoder.ranges(boundaries) }
        return read.map { $0.key }.ascendingPositions.map { read[$0] }
    }
}
