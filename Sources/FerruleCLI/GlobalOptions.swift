// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// When to colour messages.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}

/// The flags that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Colour messages; auto: on a terminal that is not dumb, unless NO_COLOR is set.", valueName: "when"))
    var color = ColorChoice.auto

    @Flag(name: .shortAndLong, help: "Print results and errors only, no warnings and notes.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more of what is done.")
    var verbose: Int

    var console: Console { Console(color, isQuiet: quiet, verbosity: verbose) }
}
