// SPDX-License-Identifier: Apache-2.0

/// `1 service`, `2 services`, `0 services`
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
