// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink

/// Calls the kernel, and turns its errors into messages and exit codes.
struct KernelAccess {
    let console: Console

    func perform<Result>(_ work: (Kernel) throws(NetlinkError) -> Result) throws -> Result {
        do throws(NetlinkError) {
            return try work(Kernel())
        } catch {
            throw report(error)
        }
    }

    /// Prints what went wrong; the exit code for it.
    func report(_ error: NetlinkError) -> ExitCode {
        switch error {
        case .notPermitted:
            console.failure(
                "the kernel's nf_tables may be used only with CAP_NET_ADMIN; nothing was changed",
                hint: "run it as root; `ferrule render` needs no privilege")
            return Failure.notPermitted
        case .changedUnderway:
            console.failure(
                "another program kept changing the kernel's ruleset; nothing was changed", hint: "run the command again"
            )
            return Failure.refused
        case .unsupported(let refusals):
            reportMissing(refusals)
            return Failure.unsupported
        case .refused(let refusals):
            report(refusals, "the kernel refused the transaction; nothing was changed")
            return Failure.refused
        case .systemCall(let call, let error):
            console.failure("\(call): \(error); nothing was changed", hint: error.hint)
            return Failure.refused
        case .repliesLost(let reason):
            console.failure("the kernel's answer was lost (\(reason))", hint: "run the command again")
            return Failure.refused
        case .libraryRefused(let call):
            console.failure(
                "\(call) failed; nothing was changed", hint: "this is a defect of Ferrule: please report it")
            return Failure.defect
        }
    }

    /// Names each module that is missing, with the first step that needs it.
    private func reportMissing(_ refusals: [Refusal]) {
        var named: Set<KernelModule> = []
        for refusal in refusals {
            guard let module = refusal.missing, named.insert(module).inserted else { continue }
            console.failure(
                "the kernel lacks the module \(module.name), which \(module.use) (\(refusal)); nothing was changed",
                hint: "`modprobe \(module.name)` loads it where it is installed; in a container the host has to")
        }
        if named.isEmpty { report(refusals, "the kernel lacks something that is needed; nothing was changed") }
    }

    /// Names the first refused steps; the rest are likely to follow from them.
    private func report(_ refusals: [Refusal], _ message: String) {
        console.failure(message, hint: refusals.lazy.compactMap(\.error.hint).first)
        for refusal in refusals.prefix(10) { console.failure("\(refusal)") }
        if refusals.count > 10 { console.failure("and \(refusals.count - 10) more") }
    }
}
