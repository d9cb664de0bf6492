// SPDX-License-Identifier: Apache-2.0

/// `1 service`, `2 services`, `0 services`
package func counted(_ count: Int, _ noun: String) -> String { counted(count, noun, plural: noun + "s") }

/// `1 Ingress`, `2 Ingresses`
package func counted(_ count: Int, _ noun: String, plural: String) -> String {
    "\(count) \(count == 1 ? noun : plural)"
}
