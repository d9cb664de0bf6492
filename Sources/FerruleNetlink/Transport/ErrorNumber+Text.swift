// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import Glibc

extension ErrorNumber {
    /// `File exists (EEXIST, 17)`
    package var description: String {
        let text = unsafe String(cString: strerror(number))
        let name = unsafe strerrorname_np(number).map { unsafe String(cString: $0) + ", " } ?? ""
        return "\(text) (\(name)\(number))"
    }

    /// Whether the error says that the kernel lacks something.
    package var meansUnsupported: Bool { [EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT].contains(number) }

    /// Whether a batch was made for a ruleset that is not there any more (`NFNL_BATCH_GENID`).
    var meansOtherGeneration: Bool { number == ERESTART }

    /// Whether a step that fitted what was read does not fit what stands there.
    var meansOtherContents: Bool { number == ENOENT || number == EEXIST }

    var meansMissing: Bool { number == ENOENT }

    var meansInvalid: Bool { number == EINVAL }

    /// What a dump ends with that the kernel marks as inconsistent (`NLM_F_DUMP_INTR`).
    static let interruptedDump = ErrorNumber(EINTR)

    /// What was lost of an answer because the receive buffer was full.
    static let overrun = ErrorNumber(ENOBUFS)

    /// Whether reading failed in a way that reading again mends: the ruleset changed while it was read, or a part of an answer
    /// was lost.
    var meansChangedUnderway: Bool { number == EINTR || number == ENOENT || number == ENOBUFS }

    package var meansNotPermitted: Bool { number == EPERM || number == EACCES }
}
