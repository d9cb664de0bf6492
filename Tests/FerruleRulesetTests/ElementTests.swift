// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset
import Testing

/// A cluster of 100,000 endpoints has twice as many elements, and so does the kernel's listing of them.
@Suite("Size of elements")
struct ElementTests {
    @Test("An element takes 64 bytes, key and value 24 each at most")
    func sizes() {
        #expect(MemoryLayout<Element>.stride == 64)
        #expect(MemoryLayout<ElementKey>.size <= 24)
        #expect(MemoryLayout<ElementValue>.size <= 24)
    }
}
