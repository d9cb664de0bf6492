// SPDX-License-Identifier: Apache-2.0

extension ResourceQuota: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(ObjectMeta.schema), .spec: .object(ResourceQuotaSpec.schema)],
        unread: ["status"])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        if let spec = fields.value(.spec, as: ResourceQuotaSpec.self) {
            (hard, hasScopes) = (spec.hard, spec.hasScopes)
        }
    }
}

private struct ResourceQuotaSpec: Decodable {
    let hard: [String: Quantity]
    let hasScopes: Bool

    private enum Keys: CodingKey, CaseIterable { case hard, scopes, scopeSelector }

    static let schema = FieldSchema(Keys.self, [.scopeSelector: .object(ScopeSelector.schema)])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        hard = fields.mapping(.hard) ?? [:]
        let selector = fields.value(.scopeSelector, as: ScopeSelector.self)
        hasScopes = (fields.list(.scopes, of: String.self)?.isEmpty == false) || selector?.hasExpressions == true
    }
}

private struct ScopeSelector: Decodable {
    let hasExpressions: Bool

    private enum Keys: CodingKey, CaseIterable { case matchExpressions }

    static let schema = FieldSchema(Keys.self, [.matchExpressions: .list(of: ScopeRequirement.schema)])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        hasExpressions = fields.list(.matchExpressions, of: ScopeRequirement.self)?.isEmpty == false
    }
}

/// `ScopedResourceSelectorRequirement`: that there is one is enough.
private struct ScopeRequirement: Decodable {
    private enum Keys: CodingKey, CaseIterable { case scopeName }

    static let schema = FieldSchema(Keys.self, unread: ["operator", "values"])

    init(from decoder: any Decoder) throws { _ = try Fields<Keys>(decoder).value(.scopeName, as: String.self) }
}

extension Quantity: Decodable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self.init(text)
        } else if let number = try? value.decode(Int.self) {
            self.init(String(number))
        } else {
            self.init("\(try value.decode(Double.self))")
        }
    }
}
