// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// The elements within a message that carries a list of them (`NFT_MSG_NEWSETELEM`).
enum ElementList {
    /// The position of the element that holds the byte at an offset from the start of the message; nil if none does.
    static func index(ofByteAt offset: Int, in message: NetlinkMessage) -> Int? {
        elements(of: message).firstIndex { $0.offset <= offset && offset < $0.end }
    }

    /// The attribute of each element.
    static func elements(of message: NetlinkMessage) -> [NetlinkAttribute] {
        message.attributes.filter { $0.type == Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) }.flatMap {
            $0.nested(in: message)
        }
    }
}
