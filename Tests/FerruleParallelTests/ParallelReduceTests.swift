// SPDX-License-Identifier: Apache-2.0

import FerruleParallel
import Testing

struct ParallelReduceTests {
    @Test("parts are taken in the order of their numbers, each once", arguments: [0, 1, 2, 3, 100, 5_000])
    func keepsOrder(count: Int) {
        let taken = parallelReduce(count: count, into: [] as [Int]) { number in
            // Later parts are quicker, so that they are done before earlier ones.
            (0..<(count - number)).reduce(number) { max($0, $1 - count) }
        } take: {
            $0.append($1)
        }
        #expect(taken == Array(0..<count))
    }

    @Test("what is there before stays ahead of the parts")
    func extendsResult() {
        let text = parallelReduce(count: 4, into: "parts:") {
            " \($0)"
        } take: {
            $0 += $1
        }
        #expect(text == "parts: 0 1 2 3")
    }

    private struct Refusal: Error, Equatable {
        let number: Int
    }

    @Test("what a part throws is thrown, and no further parts are begun")
    func throwsOn() {
        #expect(throws: Refusal(number: 7)) {
            try parallelReduce(count: 1_000_000_000, into: 0) { number throws(Refusal) in
                if number == 7 { throw Refusal(number: number) }
                return number
            } take: {
                $0 += $1
            }
        }
    }
}
