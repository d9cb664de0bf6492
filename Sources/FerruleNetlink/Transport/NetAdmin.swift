// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// CAP_NET_ADMIN, without which the kernel shows and changes nothing.
package enum NetAdmin {
    /// Makes it effective where it is only permitted, in this thread and those that it starts.
    ///
    /// A program whose file has the capability as permitted alone, as in the image, starts also where nobody grants it, and
    /// does what needs none; one that has it as effective would not start there (capabilities(7), "Safety checking for
    /// capability-dumb binaries").
    package static func raise() { ferrule_raise_net_admin() }
}
