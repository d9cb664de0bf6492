// SPDX-License-Identifier: Apache-2.0

/// What the test server does to requests instead of answering them well.
package enum LabFault: Sendable {
    /// A refusal with a `Status`.
    case refuse(code: Int, reason: String, message: String = "as the test wants it", retryAfter: Int? = nil)
    /// Nothing is ever answered, while the connection stands.
    case silence
    /// The answer begins and then nothing more comes.
    case beginAndStop
    /// The connection is reset in the middle of the answer.
    case reset
    /// The answer ends in the middle, as if it were whole.
    case cut
    /// Bytes that mean nothing, with a media type that promises more.
    case garbage
    /// A watch, from its begin on as ever, perhaps tells one thing more and is over, or its connection closed before it is.
    case watch(tells: LabWord? = nil, isCut: Bool = false)
    /// The answer comes after this number of milliseconds.
    case late(Int)
}

/// What a watch may tell besides objects.
package enum LabWord: Sendable {
    /// Nothing has happened.
    case bookmark
    /// - Parameter retryAfter: the seconds that its details ask to wait.
    case error(code: Int, reason: String, retryAfter: Int? = nil)
    /// A whole event that means nothing.
    case garbage
}

/// Which requests a fault meets.
package struct LabFaultRule: Sendable {
    let fault: LabFault
    /// How many requests it meets before it is over.
    var count: Int
    let meets: @Sendable (LabRequest) -> Bool
}
