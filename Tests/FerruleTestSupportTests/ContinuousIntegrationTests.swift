// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import TestConditions
import Testing

struct ContinuousIntegrationTests {
    @Test(
        "a switch is on by any value but an empty one, 0 and false",
        arguments: [
            (nil, false), ("", false), ("0", false), ("false", false), ("1", true), ("true", true), ("yes", true),
        ] as [(String?, Bool)])
    func spelling(value: String?, isOn: Bool) {
        #expect(EnvironmentSwitch.isOn(value: value) == isOn)
    }

    @Test("what .ci/run exports switches it on")
    func exported() throws {
        let script = try String(contentsOf: Project.url(".ci/run"), encoding: .utf8)
        let exported = try #require(script.firstMatch(of: #/(?m)^export (\w+)=(.*)$/#))
        #expect(String(exported.1) == ContinuousIntegration.variable)
        #expect(EnvironmentSwitch.isOn(value: String(exported.2)))
    }

    @Test("tests whose needs are missing are skipped elsewhere, and run there")
    func condition() {
        #expect(ContinuousIntegration.runsTests(missing: nil, isHere: false))
        #expect(!ContinuousIntegration.runsTests(missing: "nft does not run", isHere: false))
        #expect(ContinuousIntegration.runsTests(missing: nil, isHere: true))
        #expect(ContinuousIntegration.runsTests(missing: "nft does not run", isHere: true))
    }

    @Test("nothing else reads the variable")
    func oneReader() throws {
        let tests = Project.url("Tests")
        let readers = try Project.files(below: tests).filter { file in
            guard file.hasSuffix(".swift") else { return false }
            let text = try String(contentsOf: tests.appending(path: file), encoding: .utf8)
            return text.contains(#""CI""#)
        }
        // This one says what nobody else says.
        #expect(
            readers == [
                "FerruleTestSupportTests/ContinuousIntegrationTests.swift",
                "TestConditions/ContinuousIntegration.swift",
            ])
    }
}
