// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import ArgumentParser
internal import FerruleNetlink
internal import Glibc
internal import SystemPackage

/// The process that `ferrule apply --confirm` leaves behind; not for people.
struct WatchdogCommand: ParsableCommand {
    static let name = "confirmation-watchdog"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Put the previous ruleset back unless the new one is confirmed.",
        shouldDisplay: false)

    @Option(help: "How long to wait.") var seconds: Int
    @Option(help: "Where to listen.") var folder: String

    func run() throws {
        // It was started by way of a link, whose name is no program's; others tell by it who changes their tables.
        if let name = try? FileDescriptor.open(FilePath("/proc/self/comm"), .writeOnly) {
            _ = try? name.closeAfter { try name.writeAll("ferrule".utf8) }
        }
        // Other descriptors of the apply's would keep its pipes open.
        for number in WatchdogProcess.lockDescriptor + 1..<256 { close(number) }
        let report: WatchdogProcess.Report
        do {
            let file = try OpenFile(WatchdogProcess.transactionDescriptor)
            guard let transaction = file.contents().flatMap(SealedTransaction.init(bytes:)) else {
                throw ConfirmationError.watchdog("the previous ruleset did not arrive whole")
            }
            let watchdog = try Watchdog(transaction, .seconds(seconds), in: ConfirmationFolder(path: folder))
            say(.ready)
            report = watchdog.run()
        } catch {
            // The lock is still this process's, so nobody else is in the folder.
            ConfirmationFolder(path: folder).remove()
            report = .failed((error as? NetlinkError)?.wording ?? "\(error)")
        }
        say(report)
    }

    /// Nobody may be there to hear it.
    private func say(_ report: WatchdogProcess.Report) {
        let line = Array("\(report.line)\n".utf8)
        unsafe line.withUnsafeBytes { _ = unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
