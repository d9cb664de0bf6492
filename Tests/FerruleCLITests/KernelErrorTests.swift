// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Testing

import FerruleNode
@testable import FerruleCLI
@testable import FerruleNetlink

/// What users read of errors of the kernel, and what these say of what stands there.
struct KernelErrorTests {
    private static let missing = Refusal(
        step: "add rule ip ferrule lb-2", error: ErrorNumber(2),
        missing: KernelModule(name: "nft_numgen", use: "picks one of a service's endpoints"))
    private static let refusal = Refusal(step: "add rule ip ferrule lb-2", error: ErrorNumber(95))

    @Test(
        "an error says what went wrong, and its exit code",
        arguments: [
            (.notPermitted, "CAP_NET_ADMIN", 77),
            (.changedUnderway, "another program kept changing", 75),
            (.refused([refusal]), "the kernel refused the transaction", 75),
            (.unsupported([refusal]), "the kernel lacks something", 69),
            (
                .unsupported([missing]),
                "the kernel lacks the module nft_numgen, which picks one of a service's endpoints "
                    + "(add rule ip ferrule lb-2: No such file or directory (ENOENT, 2))", 69
            ),
            (.systemCall("socket", ErrorNumber(24)), "socket: Too many open files (EMFILE, 24)", 75),
            (.repliesLost("none came"), "the kernel's answer was lost (none came)", 75),
            (.outcomeUnknown("none came"), "the kernel's answer was lost (none came)", 75),
            (.libraryRefused("nftnl_rule_alloc"), "nftnl_rule_alloc failed", 70),
        ] as [(NetlinkError, String, Int32)])
    func wording(error: NetlinkError, part: String, code: Int32) {
        #expect(error.wording.contains(part))
        #expect(error.exitCode.rawValue == code)
        for end in ["changed", "applied", "nothing"] {
            #expect(!error.wording.contains("; \(end)"), "what stands depends on what was being done")
        }
    }

    @Test(
        "what a system call says is nothing that a transaction says, and of the ways into the kernel the lack has a name"
    )
    func ways() {
        for number in [EPERM, EBUSY, EEXIST, ENFILE, EMFILE] {
            #expect(NetlinkError.systemCall("socket", ErrorNumber(number)).hint == nil)
        }
        #expect(NetlinkError.systemCall("netlink dump", ErrorNumber(EINTR)).hint == "run the command again")
        #expect(NetlinkError.opening(ErrorNumber(EACCES)) == .notPermitted)
        #expect(NetlinkError.opening(ErrorNumber(EMFILE)) == .systemCall("socket", ErrorNumber(EMFILE)))
        let lack = NetlinkError.opening(ErrorNumber(EPROTONOSUPPORT))
        #expect(lack.exitCode.rawValue == 69)
        #expect(lack.wording.hasPrefix("the kernel lacks the module nfnetlink, which is the way to nf_tables"))
    }

    @Test("what stands is said as far as it is known")
    func standing() {
        typealias Standing = KernelAccess.Standing
        let refused = NetlinkError.refused([Self.refusal])
        let unknown = NetlinkError.outcomeUnknown("none came")
        #expect(Standing.asked.after(refused).text == nil)
        #expect(Standing.before.after(refused).text == "nothing was changed")
        #expect(Standing.beforeAndUnused.after(refused).text?.hasPrefix("traffic sees what it saw before; ") == true)
        #expect(Standing.putBack.after(refused).text == "the previous ruleset was put back")
        for standing in [Standing.before, .beforeAndUnused, .applied, .unknown] {
            #expect(standing.after(unknown) == .unknown)
        }
        #expect(Standing.putBack.after(unknown) == .putBack)
        #expect(Standing.unknown.text == "whether the ruleset was changed is not known")
    }

    @Test("each missing module is named once, and steps are not repeated beside it")
    func modules() {
        let other = Refusal(
            step: "add rule ip ferrule refuse", error: ErrorNumber(2),
            missing: KernelModule(name: "nft_reject_ipv4", use: "refuses what no endpoint can serve"))
        let error = NetlinkError.unsupported([Self.missing, Self.missing, other, Self.refusal])
        #expect(error.wording.contains("nft_numgen"))
        #expect(error.furtherLacks.count == 1 && error.furtherLacks.allSatisfy { $0.contains("nft_reject_ipv4") })
        #expect(error.steps.isEmpty)
        #expect(error.hint?.contains("modprobe nft_numgen") == true)
    }
}
