// SPDX-License-Identifier: Apache-2.0

/// The first of some names, and how many there are besides: `a, b, c and 2 more`.
package func listed(_ names: some Collection<String>, shown limit: Int) -> String {
    let more = names.count - limit
    return names.prefix(limit).joined(separator: ", ") + (more > 0 ? " and \(more.grouped) more" : "")
}
