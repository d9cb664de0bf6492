// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import Testing

/// Names of interfaces that rules can match.
struct InterfaceNameTests {
    @Test(
        "a name has up to 15 characters and a prefix 14, none of which rules or Linux take for something else",
        arguments: [
            ("eth0", true, true), ("cali.12-3_x@y", true, true), ("exactly14chars", true, true),
            ("exactly15chars1", true, false), ("exactly16chars12", false, false), ("a b", false, false),
            ("a\n", false, false), ("a\"b", false, false), ("a\\", false, false), ("veth*", false, false),
            ("a/b", false, false), ("eth0:1", false, false), ("\u{1b}", false, false),
        ])
    func names(text: String, isName: Bool, isPrefix: Bool) {
        #expect((InterfaceName.problem(text, isPrefix: false) == nil) == isName)
        #expect((InterfaceName.problem(text, isPrefix: true) == nil) == isPrefix)
    }
}
