// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// The header of a message that is being built (`struct nlmsghdr`), at the start of a buffer with room for what
/// follows. Of use only within the closure that it is handed to.
@safe struct MessageHeader {
    let pointer: UnsafeMutablePointer<nlmsghdr>

    init(_ pointer: UnsafeMutablePointer<nlmsghdr>) { unsafe self.pointer = pointer }
}
