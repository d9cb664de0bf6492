// SPDX-License-Identifier: Apache-2.0

import FerruleParallel
import Testing

struct ParallelMapTests {
    @Test("each number has its result in its place", arguments: [0, 1, 2, 3, 100, 5_000], [1, 64])
    func keepsOrder(count: Int, sliceLength: Int) {
        let results = parallelMap(count: count, sliceLength: sliceLength) { ["\($0)"] }
        #expect(results == (0..<count).map { ["\($0)"] })
    }

    @Test("with an order the results stand in it", arguments: [0, 1, 2, 3, 100, 5_000])
    func followsOrder(count: Int) {
        let orders = [Array(0..<count), (0..<count).reversed(), (0..<count).shuffled()]
        for order in orders {
            #expect(parallelMap(count: count, order: order, sliceLength: 16) { "\($0)" } == order.map { "\($0)" })
        }
    }
}
