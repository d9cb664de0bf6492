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
        var isMoved = false
        for seed in 1...2 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let shuffled = try await golden.run { file, text in
                guard file == "input.yaml" else { return text }
                let shuffled = shuffle(text, using: &generator)
                isMoved = isMoved || shuffled != text
                return shuffled
            }
            #expect(shuffled["ruleset.nft"] == ruleset, "seed \(seed)")
        }
        #expect(isMoved || golden.name != "shop-cluster", "nothing was shuffled")
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

    /// The documents of a YAML text, and the items of a List, in another order.
    private func shuffle(_ text: String, using generator: inout SeededGenerator) -> String {
        var (head, items, tail) = ([Substring](), [[Substring]](), [Substring]())
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line == "---" || line.hasPrefix("- apiVersion:") {
                if line == "---", items.isEmpty { (items, head) = ([["---"] + head], []) }
                items.append([line])
            } else if items.isEmpty {
                head.append(line)
            } else if !tail.isEmpty || (items[0][0] != "---" && line.first?.isLetter == true) {
                tail.append(line)
            } else {
                items[items.count - 1].append(line)
            }
        }
        return (head + items.shuffled(using: &generator).flatMap(\.self) + tail).joined(separator: "\n") + "\n"
    }
}
