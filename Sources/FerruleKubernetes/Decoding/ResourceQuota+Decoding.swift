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
            (hard, scopes) = (spec.hard, spec.scopes)
        }
    }
}

private struct ResourceQuotaSpec: Decodable {
    let hard: [String: Quantity]
    let scopes: [ResourceQuota.Scope]

    private enum Keys: CodingKey, CaseIterable { case hard, scopes, scopeSelector }

    static let schema = FieldSchema(Keys.self, [.scopeSelector: .object(ScopeSelector.schema)])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        hard = fields.mapping(.hard) ?? [:]
        let names = fields.list(.scopes, of: String.self) ?? []
        scopes =
            names.map { ResourceQuota.Scope(name: $0) }
            + (fields.value(.scopeSelector, as: ScopeSelector.self)?.expressions ?? [])
    }
}

private struct ScopeSelector: Decodable {
    let expressions: [ResourceQuota.Scope]

    private enum Keys: CodingKey, CaseIterable { case matchExpressions }

    static let schema = FieldSchema(Keys.self, [.matchExpressions: .list(of: ResourceQuota.Scope.schema)])

    init(from decoder: any Decoder) throws {
        expressions = try Fields<Keys>(decoder).list(.matchExpressions) ?? []
    }
}

extension ResourceQuota.Scope: Decodable {
    private enum Keys: CodingKey, CaseIterable { case scopeName, `operator`, values }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(name: fields.value(.scopeName) ?? "")
        (`operator`, values) = (fields.value(.operator) ?? "", fields.list(.values) ?? [])
    }
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
