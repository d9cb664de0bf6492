// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// The header of a message that is being built (`struct nlmsghdr`), at the start of a buffer with room for what
/// follows. Of use only within the closure that it is handed to.
@safe struct MessageHeader {
    let pointer: UnsafeMutablePointer<nlmsghdr>

    init(_ pointer: UnsafeMutablePointer<nlmsghdr>) { unsafe self.pointer = pointer }

    /// Writes a list of elements (`NFTA_SET_ELEM_LIST_ELEMENTS`) that starts with the one at a position.
    ///
    /// Returns the position behind the last one that fits: the length field of the list has 16 bits.
    func writeElementList(of elements: inout ElementEncoder, from start: Int) throws(NetlinkError) -> Int {
        let end = elements.positions.upperBound
        guard start < end, let list = unsafe open(Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)) else { return end }
        defer { unsafe mnl_attr_nest_end(pointer, list) }
        let listStart = length - MemoryLayout<nlattr>.size
        for position in start..<end {
            let element = try elements.element(at: position)
            guard let entry = unsafe open(Int(NFTA_LIST_ELEM.rawValue)) else { return position }
            element.write(to: self)
            guard length - listStart <= Int(UInt16.max) else {
                unsafe mnl_attr_nest_cancel(pointer, entry)
                return position
            }
            unsafe mnl_attr_nest_end(pointer, entry)
        }
        return end
    }

    /// Starts an attribute that holds others.
    private func open(_ type: Int) -> UnsafeMutablePointer<nlattr>? {
        unsafe mnl_attr_nest_start(pointer, UInt16(type))
    }

    /// How much of the message is written.
    private var length: Int { Int(unsafe pointer.pointee.nlmsg_len) }
}
