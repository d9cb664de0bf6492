// SPDX-License-Identifier: Apache-2.0

/// Why the kernel could not be asked, or a transaction not be made or carried out. Nothing of the transaction was applied, but
/// where that is not known: ``outcomeUnknown(_:)``.
package enum NetlinkError: Error, Sendable, Equatable {
    /// CAP_NET_ADMIN is missing.
    case notPermitted
    /// The kernel refused steps of the transaction.
    case refused([Refusal])
    /// Somebody changed the ruleset after it was read.
    case changedUnderway
    /// The kernel has no nf_tables, or lacks a part of it.
    case unsupported([Refusal])
    /// A system call failed, before the kernel looked at a transaction.
    case systemCall(String, ErrorNumber)
    /// The answer to a question did not fit into the socket's buffer, or did not come.
    case repliesLost(String)
    /// The same for a transaction: the kernel has carried it out, whole, or refused it.
    case outcomeUnknown(String)
    /// libnftnl had no memory, or did not know an attribute.
    case libraryRefused(String)
}

extension NetlinkError {
    /// Whether something was not there any more that had just been read: the ruleset was changed, or elements that packets had
    /// written have expired.
    package var meansChangedUnderway: Bool {
        switch self {
        case .changedUnderway: true
        case .refused(let refusals): refusals.allSatisfy(\.error.meansOtherContents)
        case .systemCall(_, let error): error.meansChangedUnderway
        default: false
        }
    }
}

/// One step that the kernel refused.
package struct Refusal: Sendable, Equatable, CustomStringConvertible {
    /// What the step was, `add element ip ferrule services { 10.96.0.1 . tcp . 443 }`.
    package let step: String
    package let error: ErrorNumber
    /// The module that the kernel would need for it, where the error means that.
    package let missing: KernelModule?

    init(step: String, error: ErrorNumber, missing: KernelModule? = nil) {
        (self.step, self.error, self.missing) = (step, error, missing)
    }

    package var description: String { "\(step): \(error)" }
}

/// A system error (`errno`), described by name and number.
package struct ErrorNumber: Sendable, Hashable, CustomStringConvertible {
    package let number: Int32

    package init(_ number: Int32) { self.number = number }
}
