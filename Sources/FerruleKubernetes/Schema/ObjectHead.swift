// SPDX-License-Identifier: Apache-2.0

/// What is said of an object in messages, decoded alone.
package struct ObjectHead: Decodable {
    private let kind: String
    private let meta: ObjectMeta?

    private enum Keys: CodingKey { case kind, metadata }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (kind, meta) = (fields.value(.kind) ?? "", fields.value(.metadata))
    }

    /// Whether an API server has written the object.
    package var isStored: Bool { meta?.isStored == true }

    /// The object as people call it: `Service shop/web`, or a list or configuration by its kind alone.
    ///
    /// - Parameters:
    ///   - kind: its kind, where it is one that is read; an item of a typed list need not say it.
    ///   - namespace: that of objects that name none.
    package func title(_ kind: ObjectKind?, namespace: String) -> String {
        guard let kind, kind != .kubeProxyConfiguration else { return kind?.rawValue ?? self.kind }
        var meta = meta ?? ObjectMeta(name: "", namespace: "")
        meta.complete(isNamespaced: kind.isNamespaced, default: namespace)
        return "\(kind.rawValue) \(meta.displayName)"
    }
}
