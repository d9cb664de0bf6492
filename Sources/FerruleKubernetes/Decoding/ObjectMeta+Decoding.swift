// SPDX-License-Identifier: Apache-2.0

extension ObjectMeta: Decodable {
    private enum Keys: CodingKey { case name, namespace, labels, deletionTimestamp }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(
            name: fields.value(.name) ?? "",
            namespace: fields.value(.namespace) ?? "",
            labels: fields.strings(.labels) ?? [:],
            isBeingDeleted: fields.value(.deletionTimestamp, as: String.self) != nil
        )
    }

    /// The object within its kind, as people write it: `shop/web`, or only a name where there is no namespace.
    package var displayName: String {
        let name = name.isEmpty ? "(without a name)" : name
        return namespace.isEmpty ? name : "\(namespace)/\(name)"
    }
}
