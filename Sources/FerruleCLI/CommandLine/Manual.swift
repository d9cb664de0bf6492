// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// What is said of a command besides its options, in its help and its manual page.
struct Manual {
    struct File {
        let path: String
        let meaning: String
    }

    /// What must stand behind the command, beside its positional arguments, in each of the ways to call it: `-f path --write`.
    var synopses = [""]
    /// Paragraphs, with an empty line between them.
    var description = ""
    /// Commands to copy, each in a line.
    let examples: [String]
    let exitCodes: [Failure.Meaning]
    var files: [File] = []

    /// The part of it that `--help` shows.
    var discussion: String {
        [description, (["EXAMPLES:"] + examples.map { "  " + $0 }).joined(separator: "\n")]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension Manual {
    /// Of a command that reads definitions, and needs nothing else.
    static let ofInput = ["-f path"]
}

extension Manual.File {
    /// What commands read that take definitions.
    static let ofInput = [
        Manual.File(
            path: "*.yaml, *.yml, *.json", meaning: "Definitions, below a directory that -f names, in sorted order."),
        Manual.File(
            path: "FILE of --lock",
            meaning:
                "JSON: the ClusterIPs and node ports that were allocated, by service. Written with --write-lock only."),
        Manual.File(path: "FILE of --config", meaning: "A KubeProxyConfiguration, in YAML or JSON."),
    ]

    /// What stands while an apply waits for its confirmation.
    static let ofConfirmation = Manual.File(
        path: "/run/ferrule/INODE",
        meaning: "A folder with a lock and a socket, of the network namespace with that inode number, while an apply "
            + "waits there for its confirmation.")
}

/// A command that has a manual page.
protocol DocumentedCommand: ParsableCommand {
    static var manual: Manual { get }
}
