// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import Testing

struct LabelsTests {
    @Test("they are what a dictionary holds, in the order of the keys", arguments: 1...50)
    func likeDictionary(seed: Int) {
        var (labels, values) = (Labels(), [String: String]())
        for step in 0..<40 {
            let key = "k\((step * seed * 7 + step) % 11)"
            let value = step % 3 == 0 ? nil : "v\(step)"
            (labels[key], values[key]) = (value, value)
            #expect(labels[key] == value)
        }
        #expect(labels.map(\.key) == values.keys.sorted() && labels == Labels(values))
        #expect(labels.allSatisfy { values[$0.key] == $0.value } && labels["other"] == nil)
    }

    @Test("a selector asks for all of its labels, and is written in their order")
    func selects() {
        let selector: Labels = ["tier": "front", "app": "web"]
        #expect("\(selector)" == "app=web,tier=front" && "\(Labels())".isEmpty)
        #expect(Labels(["app": "web", "tier": "front", "x": "y"]).match(selector))
        #expect(!Labels(["app": "web"]).match(selector) && !Labels(["app": "web", "tier": "back"]).match(selector))
        #expect(Labels().match([:]) && !Labels().match(selector))
    }
}
