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

    @Test("the order of the documents does not matter", arguments: GoldenCase.all.filter(\.isOfSeveralDocuments))
    func ignoresOrder(golden: GoldenCase) async throws {
        let results = golden.results(in: try await golden.run())
        #expect(!results.isEmpty)
        for seed in 1...2 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let shuffled = try await golden.run { file, text in
                golden.isManifest(file) ? DocumentOrder(text).shuffled(using: &generator) : text
            }
            #expect(golden.results(in: shuffled) == results, "seed \(seed)")
        }
    }

    @Test("nearly every case that prints something is of several documents, plans too")
    func documents() {
        let cases = GoldenCase.all.filter(\.isOfSeveralDocuments)
        #expect(cases.count > 100)
        #expect(cases.count { $0.arguments.first == "plan" } > 10)
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
}
