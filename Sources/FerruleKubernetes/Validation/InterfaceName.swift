// SPDX-License-Identifier: Apache-2.0

/// Names of network interfaces, by which pods' traffic may be told from others'.
package enum InterfaceName {
    /// The bytes of the longest name: one less than `IFNAMSIZ` in Linux's `linux/if.h`.
    private static let longest = 15

    /// Why rules cannot match interfaces by a name, in a sentence; nil if they can.
    ///
    /// - Parameter isPrefix: whether it is only the beginning of names. Rules have a `*` behind it, and nft takes that for a
    ///   part of the name.
    package static func problem(_ name: String, isPrefix: Bool) -> String? {
        let limit = isPrefix ? longest - 1 : longest
        let what = isPrefix ? "a prefix of interface names" : "the name of an interface"
        guard name.utf8.count <= limit else { return "'\(name)' is too long: \(what) has up to \(limit) characters" }
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            return "'\(name)' is not \(what): these have no blanks, and none of \" \\ * / :"
        }
        return nil
    }

    /// Linux has none with blanks, `/` or `:` (`dev_valid_name` in `net/core/dev.c`), and the words of nft end at a quote and
    /// take `*` for any end of the name.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
            && !"\"\\*/:".unicodeScalars.contains(scalar)
    }
}
