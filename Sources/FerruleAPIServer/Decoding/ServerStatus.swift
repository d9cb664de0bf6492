// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A `Status` (`meta/v1`): why an API server did not do what was asked.
package struct ServerStatus: Sendable, Hashable {
    /// As in HTTP.
    package var code = 0
    /// A word for programs, such as `Expired`.
    package var reason = ""
    /// A sentence for people.
    package var message = ""
    /// `details.retryAfterSeconds`; 0 where the server does not say.
    package var retryAfterSeconds = 0

    package init() {}

    /// How long the server asks to wait; nil where it does not say. An hour is the longest that it gets.
    var wait: Duration? { retryAfterSeconds > 0 ? .seconds(min(retryAfterSeconds, 3600)) : nil }

    /// What was asked for is no longer, or not yet, to be had: a resource version or a `continue` token that is too old.
    package var isExpired: Bool { code == 410 || reason == "Expired" || reason == "Gone" }

    /// Whether it would be said whatever was asked for. An error without a reason is of a gateway before the server, which knows
    /// nothing of resources; servers have reasons for their own, which may be of one object.
    var concernsServer: Bool {
        switch code {
        case 300..<400, 401, 429, 502, 503: true
        case 500...: reason.isEmpty
        default: false
        }
    }
}

extension ServerStatus: CustomStringConvertible {
    package var description: String { message.isEmpty ? reason.isEmpty ? "code \(code)" : reason : message }
}

extension ServerStatus: Decodable {
    private enum Keys: CodingKey { case code, reason, message, details }
    private struct Details: Decodable { let retryAfterSeconds: Int? }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Keys.self)
        code = try fields.decodeIfPresent(Int.self, forKey: .code) ?? 0
        reason = try fields.decodeIfPresent(String.self, forKey: .reason) ?? ""
        message = try fields.decodeIfPresent(String.self, forKey: .message) ?? ""
        retryAfterSeconds = (try? fields.decodeIfPresent(Details.self, forKey: .details))??.retryAfterSeconds ?? 0
    }
}

extension WireDecoder {
    /// `Status`: 3 message, 4 reason, 5 details with 5 retryAfterSeconds, 6 code.
    mutating func status(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> ServerStatus {
        var status = ServerStatus()
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 3: status.message = try string(bytes, field)
            case 4: status.reason = try string(bytes, field)
            case 5:
                var details = WireReader(try field.range)
                while let field = try details.next(bytes) {
                    if field.number == 5 { status.retryAfterSeconds = try field.integer }
                }
            case 6: status.code = try field.integer
            default: break
            }
        }
        return status
    }
}
