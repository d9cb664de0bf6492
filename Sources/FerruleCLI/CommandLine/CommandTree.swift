// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials

/// A command with its arguments and subcommands, as ArgumentParser describes it (`--experimental-dump-help`).
struct CommandTree: Decodable {
    struct Argument: Decodable {
        enum Kind: String, Decodable {
            case option, flag, positional
        }

        struct Name: Decodable {
            enum Kind: String, Decodable {
                case short, long, longWithSingleDash
            }

            let kind: Kind
            let name: String

            /// `-f` or `--filename`
            var synopsis: String { (kind == .long ? "--" : "-") + name }
        }

        let kind: Kind
        let names: [Name]?
        let valueName: String?
        /// nil for those that ArgumentParser itself adds.
        let sectionTitle: String?
        let abstract: String?
        let defaultValue: String?
        let allValues: [String]?
        let shouldDisplay: Bool
        let isRepeating: Bool
    }

    let commandName: String
    let abstract: String?
    let shouldDisplay: Bool
    let arguments: [Argument]?
    let subcommands: [CommandTree]?

    /// The whole program; nil if ArgumentParser describes it in another way.
    static func program() -> CommandTree? {
        struct Description: Decodable {
            let command: CommandTree
        }
        return try? JSONDecoder().decode(Description.self, from: Data(FerruleCommand._dumpHelp().utf8)).command
    }

    func subcommand(_ name: String) -> CommandTree? { subcommands?.first { $0.commandName == name } }

    /// The option or flag of a name such as `-f` or `--filename`.
    func argument(_ synopsis: String) -> Argument? {
        arguments?.first { $0.names?.contains { $0.synopsis == synopsis } == true }
    }
}
