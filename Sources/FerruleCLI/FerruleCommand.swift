// SPDX-License-Identifier: Apache-2.0
//
// FerruleCLI: the command line. It reads arguments, files and the clock, calls the other modules in order, and prints what
// they return; what an input means is decided elsewhere.

package import ArgumentParser
internal import Foundation

/// `ferrule`, the root of the commands.
package struct FerruleCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ferrule",
        abstract: "Compile Kubernetes Services to nftables rulesets, show them, and apply them.",
        discussion: """
            EXAMPLES:
              ferrule render -f services.yaml           # show what it comes to
              kubectl get svc,endpointslices,nodes -A -o yaml | ferrule render -f -
              ferrule plan -f new/ --against old/       # what would change, and for whom
              ferrule apply -f cluster.yaml --check     # ask the kernel, change nothing
              ferrule apply -f cluster.yaml             # make it so, in one transaction

            EXIT CODES:
              0  done                                1   plan --exit-code: there are changes
              64 wrong usage                         65  the input is invalid
              66 an input file cannot be read
              69 the kernel lacks something          70  a defect of Ferrule itself
              75 the kernel refused; try again       77  CAP_NET_ADMIN is needed
            """,
        version: ferruleVersion,
        subcommands: [
            RenderCommand.self, PlanCommand.self, ApplyCommand.self, ConfirmCommand.self, DeleteCommand.self,
            StatusCommand.self, WatchdogCommand.self,
        ])

    package init() {}

    /// Runs the command that the process's arguments name, and exits.
    package static func start() {
        // Whoever starts the program may ignore SIGPIPE, but `ferrule render | head` ends quietly all the same.
        signal(SIGPIPE, SIG_DFL)
        main()
    }
}

/// The version of this build, as `--version` prints it and the kernel's record keeps it.
package let ferruleVersion = "0.1.0"
