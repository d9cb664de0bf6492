// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import Testing

/// Quantities are read as `resource.Quantity` reads them, as far as they are whole numbers.
struct QuantityTests {
    @Test(
        "whole numbers, in whatever form",
        arguments: [
            ("3", 3), ("0", 0), ("+3", 3), ("003", 3), ("3.0", 3), ("1k", 1000), ("1Ki", 1024), ("1.5k", 1500),
            ("2e3", 2000),
            ("2E3", 2000), ("3000m", 3), ("1M", 1_000_000), ("0.5Ki", 512), ("9E", 9_000_000_000_000_000_000),
            ("10E", Int.max), ("99999999999999999999", Int.max), (".5k", 500), ("5.", 5),
        ])
    func whole(text: String, count: Int) { #expect(Quantity(text).count == count) }

    @Test(
        "others are none",
        arguments: [
            "", "-1", "1.5", "500m", "three", "1 k", "k", "1kk", "0x10", "1e", "1e-3", ".", "--1", "١",
            "1e-9223372036854775808", "1e9223372036854775807",
        ])
    func none(text: String) { #expect(Quantity(text).count == nil) }
}
