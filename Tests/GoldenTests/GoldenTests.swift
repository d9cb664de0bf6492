// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

@Suite("golden/")
struct GoldenTests {
    @Test("the command says what the case shows, twice the same", arguments: GoldenCase.all)
    func matches(golden: GoldenCase) async throws {
        let outputs = try await golden.run()
        let again = try await golden.run()
        #expect(outputs == again, "two runs differ")
        for file in Set(outputs.keys).union(golden.presentOutputs).sorted() {
            if let difference = try Golden.difference(golden.folder.appending(path: file), outputs[file]) {
                Issue.record("\(difference)")
            }
        }
        #expect(golden.strayFiles(outputs) == [], "nothing reads these files")
    }

    @Test("the order of the documents does not matter", arguments: GoldenCase.all)
    func ignoresOrder(golden: GoldenCase) async throws {
        guard !golden.name.hasPrefix("errors/"), golden.arguments.contains("input.yaml") else { return }
        let ruleset = try await golden.run()["ruleset.nft"]
        for seed in 1...2 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let shuffled = try await golden.run { file, text in
                file == "input.yaml" ? shuffle(text, using: &generator) : text
            }
            #expect(shuffled["ruleset.nft"] == ruleset, "seed \(seed)")
        }
    }

    @Test("names are in kebab case")
    func names() {
        for golden in GoldenCase.all {
            let isKebab = golden.name.trimmingPrefix("errors/").wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil
            #expect(isKebab, "\(golden.name)")
        }
        #expect(GoldenCase.all.count > 100)
    }

    @Test("goldens are not rewritten in CI")
    func refusesInCI() {
        #expect(!Golden.isRefused, "FERRULE_UPDATE_GOLDEN is set where CI is set too: nothing was rewritten")
    }

    /// The documents of a YAML text in another order.
    private func shuffle(_ text: String, using generator: inout SeededGenerator) -> String {
        text.split(separator: "---\n").shuffled(using: &generator).map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }
            .joined(separator: "---\n")
    }
}
