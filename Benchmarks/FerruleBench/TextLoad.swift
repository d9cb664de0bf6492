// SPDX-License-Identifier: Apache-2.0

/// `nft -f` of a ruleset's text, the program's start included.
struct TextLoad: Measurement {
    let path: String

    struct Result: Codable {
        let seconds: Double
        let kernelBytes: Int
    }

    func measure() throws -> Result {
        let process = try ChildProcess.run("nft", ["-f", path])
        let freed = try KernelMemory.bytes { _ = try ChildProcess.run("nft", ["flush", "ruleset"]) }
        return Result(seconds: process.seconds, kernelBytes: freed)
    }
}
