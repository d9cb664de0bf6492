// SPDX-License-Identifier: Apache-2.0

/// Why rules of iptables could not be read or changed.
package enum IPTablesError: Error, Sendable, Equatable {
    /// No iptables-save and iptables-restore are on the path.
    case noPrograms
    /// One program is not there beside the others of its variant; its path.
    case noProgram(_ path: String)
    /// A program could not be started, or its output not be read; why.
    case cannotRun(_ path: String, String)
    /// A program ended with an error; what it said.
    case failed(_ program: String, String)
    /// The nft variant says that a table holds rules which it cannot read.
    case unreadableTable(String)
    /// A signal came that ``Interruption`` holds, and no program was begun, or the one that ran was ended.
    case interrupted

    /// What went wrong, in words.
    package var wording: String {
        switch self {
        case .noPrograms: "there are no programs iptables-save and iptables-restore on the path"
        case .noProgram(let path): "there is no program \(path) beside the others of iptables"
        case .cannotRun(let path, let reason): "\(path) cannot be run: \(reason)"
        case .failed(let program, let said):
            "\(program) failed: \(said.split(separator: "\n").map(String.init).joined(separator: "; "))"
        case .unreadableTable(let table):
            "the table \(table) holds rules that nft has made and the programs of iptables cannot read"
        case .interrupted: "interrupted"
        }
    }

    package var meansNotPermitted: Bool {
        guard case .failed(_, let said) = self else { return false }
        return ["Permission denied", "Operation not permitted", "you must be root"].contains { said.contains($0) }
    }

    /// Whether the machine lacks something: a program, a module of the kernel.
    package var meansUnsupported: Bool {
        switch self {
        case .noPrograms, .noProgram, .cannotRun, .unreadableTable: true
        case .interrupted: false
        case .failed(_, let said):
            ["Table does not exist", "No chain/target/match by that name", "missing kernel module", "not supported"]
                .contains { said.contains($0) }
        }
    }
}
