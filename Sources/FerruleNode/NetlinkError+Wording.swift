// SPDX-License-Identifier: Apache-2.0

package import FerruleNetlink
internal import Glibc

extension NetlinkError {
    /// What went wrong, without what stands in the kernel now: that depends on what was being done.
    package var wording: String {
        switch self {
        case .notPermitted: "the kernel's nf_tables may be used only with CAP_NET_ADMIN"
        case .changedUnderway: "another program kept changing Ferrule's tables"
        case .unsupported(let refusals):
            refusals.first { $0.missing != nil }?.lack ?? "the kernel lacks something that is needed"
        case .refused: "the kernel refused the transaction"
        case .systemCall(let call, let error): "\(call): \(error)"
        case .repliesLost(let reason), .outcomeUnknown(let reason): "the kernel's answer was lost (\(reason))"
        case .libraryRefused(let call): "\(call) failed"
        }
    }

    /// What a user may do about it.
    package var hint: String? {
        switch self {
        case .notPermitted: "run it as root; `ferrule render` needs no privilege"
        case .changedUnderway, .repliesLost: "run the command again"
        case .outcomeUnknown: "`ferrule status` tells what stands; the command can be run again"
        case .unsupported(let refusals):
            refusals.lazy.compactMap(\.missing).first.map {
                "`modprobe \($0.name)` loads it where it is installed; in a container the host has to"
            } ?? refusals.lazy.compactMap(\.error.hint).first
        case .refused(let refusals): refusals.lazy.compactMap(\.error.hint).first
        case .systemCall: meansChangedUnderway ? "run the command again" : nil
        case .libraryRefused: "this is a defect of Ferrule: please report it"
        }
    }

    /// The steps that the kernel refused, where they say more than ``wording``.
    package var steps: [Refusal] {
        switch self {
        case .refused(let refusals): refusals
        case .unsupported(let refusals): refusals.contains { $0.missing != nil } ? [] : refusals
        default: []
        }
    }

    /// The modules that the kernel lacks besides the one that ``wording`` names.
    package var furtherLacks: [String] {
        guard case .unsupported(let refusals) = self else { return [] }
        var named: Set<KernelModule> = []
        return Array(
            refusals.filter { $0.missing.map { named.insert($0).inserted } ?? false }.compactMap(\.lack).dropFirst())
    }
}

extension Refusal {
    /// What the kernel lacks, and what first needed it; nil where that is not known.
    fileprivate var lack: String? {
        missing.map { "the kernel lacks the module \($0.name), which \($0.use) (\(self))" }
    }
}

extension ErrorNumber {
    /// What a user may do about the error in an nf_tables transaction; nil where nothing general can be said.
    fileprivate var hint: String? {
        switch number {
        case EPERM: "another process has made the table its own (flag owner), and only that may change it"
        case ENOENT: "something the step refers to is gone; another program may have changed the ruleset: try again"
        case EEXIST: "an object of that name is there already with other contents: run `ferrule apply --replace`"
        case EBUSY: "something still refers to the object: run `ferrule apply --replace`"
        case EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT:
            "this kernel lacks an nf_tables feature: Linux 5.9 or later is needed"
        case ENFILE: "a set is full: run `ferrule apply --replace`"
        default: nil
        }
    }
}
