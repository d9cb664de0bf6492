// SPDX-License-Identifier: Apache-2.0

extension Secret: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, type, data, stringData }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(ObjectMeta.schema)], unread: ["immutable"])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        type = fields.text(.type) ?? type
        guard type == Self.tlsType else { return }
        // As in the API, what stands in stringData wins.
        let (data, plain) = (fields.value(.data, as: Certificate.self), fields.value(.stringData, as: Certificate.self))
        certificate =
            plain?.certificate.map { SecretText($0, .plain) } ?? data?.certificate.map { SecretText($0, .base64) }
        privateKey =
            plain?.privateKey.map { SecretText($0, .plain) } ?? data?.privateKey.map { SecretText($0, .base64) }
    }
}

/// `data` or `stringData`. Values of the wrong type read as absent: a message about one would quote it.
private struct Certificate: Decodable {
    private(set) var certificate: String?
    private(set) var privateKey: String?

    private enum Keys: String, CodingKey {
        case certificate = "tls.crt"
        case privateKey = "tls.key"
    }

    init(from decoder: any Decoder) throws {
        guard let container = try? decoder.container(keyedBy: Keys.self) else { return }
        certificate = try? container.decode(String.self, forKey: .certificate)
        privateKey = try? container.decode(String.self, forKey: .privateKey)
    }
}
