// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import Testing

@Suite("Keys of objects")
struct ObjectKeyTests {
    @Test("NAMESPACE/NAME is read")
    func readable() { #expect(ObjectKey("shop/web") == ObjectKey("shop", "web")) }

    @Test("nothing else is read", arguments: ["", "/", "web", "shop/", "/web", "a/b/c", "shop//web"])
    func unreadable(text: String) { #expect(ObjectKey(text) == nil) }
}
