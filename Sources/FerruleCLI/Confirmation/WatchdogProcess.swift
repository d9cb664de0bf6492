// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import FoundationEssentials
internal import Glibc

/// The apply's view of its watchdog: a process of the same program that outlives it, and that speaks in lines with it.
struct WatchdogProcess: ~Copyable {
    /// What the apply tells its watchdog.
    enum Order: String {
        /// The new ruleset stands: the time runs from now.
        case applied
        /// The user keeps the new ruleset.
        case confirm
        /// Nothing was applied: go.
        case cancel
        /// Something went wrong: put the previous ruleset back at once.
        case restore
    }

    /// What the watchdog tells the apply.
    enum Report: Equatable {
        /// The kernel accepts the transaction that puts the previous ruleset back, and the time runs.
        case ready
        case confirmed
        case cancelled
        case restored
        /// The previous ruleset could not be put back, or not be prepared; why.
        case failed(String)
        /// The watchdog has ended without a word.
        case gone
    }

    /// Where the watchdog finds what it is handed, besides its standard input and output.
    static let transactionDescriptor: Int32 = 3
    static let lockDescriptor: Int32 = 4

    private let channel: Channel
    private let process: pid_t

    private struct Channel: ~Copyable {
        let orders: OpenFile
        let reports: OpenFile
    }

    /// Starts a watchdog, and hands it the transaction and the lock.
    init(
        _ transaction: SealedTransaction, seconds: Int, in folder: ConfirmationFolder, lock: consuming OpenFile
    ) throws(ConfirmationError) {
        var process: pid_t = 0
        channel = try Self.start(transaction, seconds, folder, lock, &process)
        self.process = process
    }

    /// Returns when the watchdog's time runs.
    func waitUntilReady() throws(ConfirmationError) {
        switch nextReport() {
        case .ready: break
        case .failed(let reason): throw .watchdog(reason)
        default: throw .watchdog("it ended before it was ready")
        }
    }

    /// What can be read from where there is a report.
    var descriptor: Int32 { channel.reports.number }

    /// A watchdog that has ended hears nothing, and its last report says more than a signal would.
    func tell(_ order: Order) {
        let usual = signal(SIGPIPE, SIG_IGN)
        channel.orders.write(Array("\(order.rawValue)\n".utf8))
        signal(SIGPIPE, usual)
    }

    /// Waits for the next report.
    func nextReport() -> Report {
        guard let bytes = channel.reports.read(), !bytes.isEmpty else {
            var status: Int32 = 0
            unsafe waitpid(process, &status, 0)
            return .gone
        }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
        return Report(line: line)
    }

    /// All that the parent does not need is closed when this returns.
    private static func start(
        _ transaction: SealedTransaction, _ seconds: Int, _ folder: ConfirmationFolder, _ lock: consuming OpenFile,
        _ process: inout pid_t
    ) throws(ConfirmationError) -> Channel {
        let file = try folder.unnamedFile()
        guard file.write(transaction.bytes) else { throw .system(errno) }
        let toWatchdog = try OpenFile.pipe()
        let fromWatchdog = try OpenFile.pipe()
        // Away from the numbers that they will have there, so that none overwrites another.
        let handed = [
            try toWatchdog.reading.moved(), try fromWatchdog.writing.moved(), try file.moved(), try lock.moved(),
        ]
        defer { for descriptor in handed { close(descriptor) } }
        process = try spawn(
            ["ferrule", WatchdogCommand.name, "--seconds", "\(seconds)", "--folder", folder.path],
            Array(zip(handed, [0, 1, transactionDescriptor, lockDescriptor])))
        return Channel(orders: toWatchdog.writing, reports: fromWatchdog.reading)
    }

    private static func spawn(
        _ arguments: [String], _ descriptors: [(Int32, Int32)]
    ) throws(ConfirmationError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in descriptors { unsafe posix_spawn_file_actions_adddup2(&actions, from, to) }
        // Not the terminal: it may go away, and whoever reads what the apply prints must see its end.
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let vectors = unsafe [arguments, variables].map { unsafe $0.map { unsafe strdup($0) } + [nil] }
        defer { unsafe vectors.forEach { unsafe $0.forEach { unsafe free($0) } } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, vectors[0], vectors[1])
        guard code == 0 else { throw .system(code) }
        return process
    }
}

extension OpenFile {
    /// A copy of the descriptor with a number from 10, which programs that are started do not get.
    fileprivate func moved() throws(ConfirmationError) -> Int32 {
        let descriptor = fcntl(number, F_DUPFD_CLOEXEC, 10)
        guard descriptor >= 0 else { throw .system(errno) }
        return descriptor
    }
}

extension WatchdogProcess.Report {
    /// The report in one line.
    var line: String {
        switch self {
        case .ready: "ready"
        case .confirmed: "confirmed"
        case .cancelled: "cancelled"
        case .restored: "restored"
        case .failed(let reason): "failed " + reason.split(separator: "\n").joined(separator: "; ")
        case .gone: "gone"
        }
    }

    init(line: String) {
        let known: [WatchdogProcess.Report] = [.ready, .confirmed, .cancelled, .restored]
        let reason = line.hasPrefix("failed ") ? String(line.dropFirst(7)) : line
        self = known.first { $0.line == line } ?? .failed(reason)
    }
}
