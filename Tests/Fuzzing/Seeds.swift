// SPDX-License-Identifier: Apache-2.0

internal import FerruleTestSupport
internal import Foundation

/// Texts to start from: what a real cluster printed, object by object and in small lists, in YAML and JSON; and the inputs of
/// all golden cases.
package enum Seeds {
    package static var texts: [[UInt8]] {
        get throws { try clusterObjects() + goldenInputs() }
    }

    private static func clusterObjects() throws -> [[UInt8]] {
        let yaml = try String(contentsOf: Project.url("Tests/Data/shop-cluster.yaml"), encoding: .utf8)
        // The items of the List, with their dashes.
        let items = yaml.split(separator: "\n- apiVersion: ").dropFirst().map { "- apiVersion: \($0)\n" }
        let lists = stride(from: 0, to: items.count, by: 3).map { start in
            "apiVersion: v1\nkind: List\nitems:\n" + items[start..<min(start + 3, items.count)].joined()
        }
        let objects = items.map { item in
            item.split(separator: "\n").map { $0.dropFirst(2) }.joined(separator: "\n") + "\n"
        }
        let json = try Data(contentsOf: Project.url("Tests/Data/shop-cluster.json"))
        let list = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        let values = try (list?["items"] as? [Any] ?? []).enumerated().map { position, item in
            let options: JSONSerialization.WritingOptions =
                position.isMultiple(of: 2) ? [.sortedKeys] : [.sortedKeys, .prettyPrinted]
            return [UInt8](try JSONSerialization.data(withJSONObject: item, options: options))
        }
        return (lists + objects).map { Array($0.utf8) } + values
    }

    private static func goldenInputs() throws -> [[UInt8]] {
        let folder = Project.url("golden")
        return try Project.files(below: folder).filter { $0.hasSuffix("input.yaml") || $0.hasSuffix("input.json") }
            .map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
            .filter { $0.count < 1 << 14 }
    }
}
