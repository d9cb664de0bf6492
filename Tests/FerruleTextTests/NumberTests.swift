// SPDX-License-Identifier: Apache-2.0

import FerruleText
import Testing

@Suite("Numbers and lists in words")
struct NumberTests {
    @Test("thousands stand apart", arguments: [(0, "0"), (999, "999"), (9950, "9,950"), (-1_234_567, "-1,234,567")])
    func groups(number: Int, expected: String) {
        #expect(number.grouped == expected)
    }

    @Test("hexadecimal numbers have zeros before them", arguments: [(0, "0000"), (0xbee, "0bee"), (0x1_2345, "12345")])
    func hexadecimals(number: UInt32, expected: String) { #expect(hexadecimal(number, digits: 4) == expected) }

    @Test(
        "of many names the first ones are listed, and the others counted",
        arguments: [(0, ""), (1, "1"), (3, "1, 2, 3"), (4, "1, 2, 3 and 1 more"), (1_003, "1, 2, 3 and 1,000 more")])
    func lists(count: Int, expected: String) {
        #expect(listed((0..<count).map { "\($0 + 1)" }, shown: 3) == expected)
    }

    @Test("a key is found by halving, or is not there")
    func halving() {
        let sorted = [2, 3, 5, 7, 11]
        #expect((0...12).map { sorted.sortedPlace(of: $0) } == [nil, nil, 0, 1, nil, 2, nil, 3, nil, nil, nil, 4, nil])
        #expect(
            (0...12).map { key in sorted.indices.firstPlace { sorted[$0] >= key } }
                == [0, 0, 0, 1, 2, 2, 3, 3, 4, 4, 4, 4, 5])
    }

    // Test values of its authors (<http://www.isthe.com/chongo/src/fnv/test_fnv.c>).
    @Test(
        "the hash is FNV-1a",
        arguments: [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
            as [(String, UInt64)])
    func hashes(text: String, expected: UInt64) { #expect(fnv1a(text) == expected) }
}
