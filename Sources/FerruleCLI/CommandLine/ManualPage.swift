// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// A manual page in the macros of man(7), which both groff and mandoc format. It has no date, so that the same source has
/// the same pages; and nothing in it is hyphenated, so that what is copied from it can be run.
struct ManualPage {
    /// `ferrule-plan`
    let name: String
    private let command: CommandTree
    private let manual: Manual
    private let others: [String]

    var fileName: String { "\(name).1" }

    /// One of the program, and one for each command that is meant for people.
    static func all() -> [ManualPage] {
        guard let program = CommandTree.program() else { return [] }
        let commands = FerruleCommand.configuration.subcommands.compactMap { $0 as? any DocumentedCommand.Type }
        let pages = commands.compactMap { type -> (CommandTree, Manual)? in
            program.subcommand(type.configuration.commandName ?? "").map { ($0, type.manual) }
        }
        let names = pages.map { "ferrule-\($0.0.commandName)" }
        return [ManualPage(name: "ferrule", command: program, manual: FerruleCommand.manual, others: names)]
            + zip(names, pages).map { name, page in
                ManualPage(
                    name: name, command: page.0, manual: page.1, others: ["ferrule"] + names.filter { $0 != name })
            }
    }

    var text: String {
        let title = Self.escaped(name.uppercased())
        // groff's macros begin to hyphenate anew with each paragraph unless the register HY says otherwise.
        let head = ".TH \(title) 1 \"\" \"ferrule \(ferruleVersion)\" \"Ferrule\"\n.nr HY 0\n.nh\n.ad l\n"
        return head
            + [
                section("NAME", "\(Self.escaped(name)) \\- \(Self.escaped(sentence))\n"),
                section("SYNOPSIS", synopsis), section("DESCRIPTION", description), section("COMMANDS", commands),
                section("OPTIONS", options), section("EXIT STATUS", exitStatus), section("FILES", files),
                section("EXAMPLES", examples), section("SEE ALSO", seeAlso),
            ].joined()
    }

    private func section(_ title: String, _ text: String) -> String { text.isEmpty ? "" : ".SH \(title)\n\(text)" }

    /// The abstract as man's index has it: without a full stop.
    private var sentence: String {
        let abstract = command.abstract ?? ""
        return abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract
    }

    private var synopsis: String {
        let words = name.split(separator: "-", maxSplits: 1).map(String.init)
        guard words.count > 1 else { return ".B ferrule\n.I command\n.RI [ option \" ...]\"\n" }
        let positional = (command.arguments ?? []).filter { $0.kind == .positional }.map {
            ".RI [ \(Self.escaped($0.valueName ?? "value")) ]\n"
        }
        return manual.synopses.map { synopsis in
            let needed = synopsis.split(separator: " ").map { word in
                (word.hasPrefix("-") ? ".B " : ".I ") + Self.escaped(String(word)) + "\n"
            }
            return ".B \(Self.escaped(words.joined(separator: " ")))\n"
                + (positional + needed).joined() + ".RI [ option \" ...]\"\n"
        }.joined(separator: ".br\n")
    }

    private var description: String {
        let paragraphs = manual.description.split(separator: "\n\n").map(String.init)
        return ([(command.abstract ?? "")] + paragraphs).map { Self.escaped($0) + "\n" }.joined(separator: ".PP\n")
    }

    private var commands: String {
        let shown = command.subcommands?.filter { $0.shouldDisplay && $0.commandName != "help" } ?? []
        return shown.map { item(".BR \(Self.escaped("ferrule-\($0.commandName)")) (1)", $0.abstract ?? "") }.joined()
    }

    private var options: String {
        var titles: [String] = []
        var sections: [String: String] = [:]
        for argument in command.arguments ?? [] where argument.shouldDisplay {
            let title = argument.sectionTitle ?? "Other options"
            if sections[title] == nil { titles.append(title) }
            sections[title, default: ""] += item(synopsis(of: argument), meaning(of: argument))
        }
        return titles.map { ".SS \(Self.escaped($0))\n\(sections[$0] ?? "")" }.joined()
    }

    private func synopsis(of argument: CommandTree.Argument) -> String {
        guard argument.kind != .positional else { return "\\fI\(Self.escaped(argument.valueName ?? "value"))\\fR" }
        let value = argument.kind == .option ? " \\fI\(Self.escaped(argument.valueName ?? "value"))\\fR" : ""
        let names =
            (argument.names ?? []).filter { $0.kind == .short } + (argument.names ?? []).filter { $0.kind != .short }
        return names.map { "\\fB\(Self.escaped($0.synopsis))\\fR\(value)" }.joined(separator: ", ")
    }

    private func meaning(of argument: CommandTree.Argument) -> String {
        let values = argument.allValues.map { $0.isEmpty ? "" : "values: \($0.joined(separator: ", "))" } ?? ""
        let more = [values, argument.defaultValue.map { "default: \($0)" } ?? ""].filter { !$0.isEmpty }
        return (argument.abstract ?? "") + (more.isEmpty ? "" : " (\(more.joined(separator: "; ")))")
    }

    private var exitStatus: String {
        manual.exitCodes.map { item(".B \($0.code)", $0.text.prefix(1).uppercased() + $0.text.dropFirst() + ".") }
            .joined()
    }

    private var files: String {
        manual.files.map { item(".I \(Self.escaped($0.path))", $0.meaning) }.joined()
    }

    private var examples: String { ".EX\n" + manual.examples.map { Self.escaped($0) + "\n" }.joined() + ".EE\n" }

    private var seeAlso: String {
        (others + ["nft"]).map { ".BR \(Self.escaped($0)) (\($0 == "nft" ? 8 : 1))" }.joined(separator: " ,\n") + "\n"
    }

    private func item(_ label: String, _ text: String) -> String { ".TP\n\(label)\n\(Self.escaped(text))\n" }

    /// Text as it is meant: hyphens are those of ASCII, and nothing at the start of a line is a request.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let line = line.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
                .replacing("`", with: "\\(ga").replacing("^", with: "\\(ha").replacing("~", with: "\\(ti")
            return line.hasPrefix(".") ? "\\&" + line : line
        }.joined(separator: "\n")
    }
}
