// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import Glibc
internal import Synchronization
internal import TestConditions

/// A network namespace of its own, named under `/run/netns` so that `ip netns exec` reaches it too; removed when the
/// last reference goes.
///
/// The name is `ferrule-PID-COUNTER-LABEL`. A namespace whose process died without removing it is removed by the next
/// process that makes one.
package final class Namespace: Sendable {
    package let name: String
    private let handle: FileDescriptor

    /// Makes one namespace, without any interface but a loopback that is down.
    package convenience init(_ label: String = "plain") throws(LabError) {
        let name = Self.freshNames([label])[0]
        try Self.add([name])
        try self.init(adopting: name)
    }

    /// Makes several namespaces of one group, which share the counter in their names, by a single run of `ip`.
    static func make(_ labels: [String]) throws(LabError) -> [Namespace] {
        let names = freshNames(labels)
        try add(names)
        var made: [Namespace] = []
        do {
            for name in names { made.append(try Namespace(adopting: name)) }
        } catch {
            for name in names.dropFirst(made.count + 1) { remove(name) }
            throw error
        }
        return made
    }

    private init(adopting name: String) throws(LabError) {
        do {
            handle = try FileDescriptor(path: Self.path(name), flags: O_RDONLY)
        } catch {
            Self.remove(name)
            throw error
        }
        self.name = name
    }

    deinit {
        Self.remove(name)
    }

    /// Runs a closure with the current thread in this namespace, then takes the thread back to where it was.
    ///
    /// A socket stays in the namespace it was created in, whatever thread uses it later; so only its creation (and
    /// starting a process, and `/proc/sys/net`) needs this. The closure is synchronous on purpose: a suspension point
    /// would let another task continue on the switched thread, or this one on another. Calls may nest.
    package func perform<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let home = unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        precondition(home >= 0, "cannot open the namespace of this thread, errno \(errno)")
        let entered = setns(handle.number, Int32(network_lab_clone_newnet))
        precondition(entered == 0, "cannot enter \(name), errno \(errno)")
        defer {
            let returned = setns(home, Int32(network_lab_clone_newnet))
            precondition(returned == 0, "cannot leave \(name), errno \(errno)")
            close(home)
        }
        return try body()
    }

    /// Runs a program in this namespace and waits for its end; `input` is its standard input.
    ///
    /// As with `ip netns exec`, but without its new mount of `/sys`: the child inherits the namespace of the thread.
    package func run(_ arguments: [String], input: String = "") throws(LabError) -> CommandResult {
        try perform { () throws(LabError) in try runCommand(arguments, input: input) }
    }

    /// Runs `nft -f` on the text of a ruleset; what `nft` complains about becomes the error.
    package func load(_ ruleset: String) throws(LabError) {
        try mustSucceed(["nft", "-f", "-"], input: ruleset)
    }

    /// Sets a kernel parameter by its path, like `net/ipv4/ip_forward`.
    package func write(_ parameter: String, _ value: String) throws(LabError) {
        try perform { () throws(LabError) in
            try FileDescriptor(path: "/proc/sys/\(parameter)", flags: O_WRONLY).write(Array(value.utf8))
        }
    }

    /// Runs a program that has to end with status 0.
    func mustSucceed(_ arguments: [String], input: String = "") throws(LabError) {
        let result = try run(arguments, input: input)
        guard result.succeeded else {
            let what = arguments.joined(separator: " ")
            throw LabError("\(what) in \(name) ended with status \(result.status): \(result.standardError)")
        }
    }
}

// MARK: - Names

extension Namespace {
    private static let counter = Atomic<Int>(0)

    private static func freshNames(_ labels: [String]) -> [String] {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        return labels.map { "ferrule-\(getpid())-\(number)-\($0)" }
    }

    private static func path(_ name: String) -> String { "/run/netns/\(name)" }

    private static func add(_ names: [String]) throws(LabError) {
        try swept.get()
        let batch = names.map { "netns add \($0)\n" }.joined()
        let result = try runCommand(["ip", "-batch", "-"], input: batch)
        guard result.succeeded else {
            for name in names { remove(name) }
            throw LabError("ip netns add: \(result.standardError.split(separator: "\n").joined(separator: "; "))")
        }
    }

    /// What `ip netns delete` does. The kernel frees the namespace once its last socket and process are gone.
    private static func remove(_ name: String) {
        unsafe umount2(path(name), Int32(MNT_DETACH))
        unsafe unlink(path(name))
    }

    /// The names of the namespaces that this process has and has not removed.
    package static func ownNames() throws(LabError) -> [String] {
        try list().filter { owner($0) == getpid() }
    }

    /// Removes what dead processes left; done before this process makes its first namespace.
    package static func sweep() throws(LabError) {
        for name in try list() {
            if let process = owner(name), kill(process, 0) != 0, errno == ESRCH { remove(name) }
        }
    }

    private static let swept = Result<Void, LabError> { () throws(LabError) in try sweep() }

    private static func list() throws(LabError) -> [String] {
        let lines = try runCommand(["ip", "netns", "list"], input: "").standardOutput.split(separator: "\n")
        return lines.compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    private static func owner(_ name: String) -> pid_t? {
        let parts = name.split(separator: "-")
        return parts.count > 3 && parts[0] == "ferrule" ? pid_t(parts[1]) : nil
    }
}

// MARK: - Availability

extension Namespace {
    /// Why no namespace can be had here; `nil` where one can.
    package static let unavailability: String? = {
        do {
            let namespace = try Namespace("try")
            return try namespace.run(["nft", "list", "ruleset"]).succeeded ? nil : "nft does not run"
        } catch {
            return "no network namespace can be had: \(error)"
        }
    }()

    /// The condition of suites that need namespaces: where none can be had they are skipped, but in continuous integration
    /// they run and fail.
    package static var isRequiredOrAvailable: Bool { ContinuousIntegration.runsTests(missing: unavailability) }
}
