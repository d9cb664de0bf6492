// SPDX-License-Identifier: Apache-2.0

internal import FerruleAgent
internal import Glibc

/// The unix socket by which other commands reach the watchdog: one question and one answer a connection.
enum ConfirmationSocket {
    enum Question: String {
        /// Keep the new ruleset.
        case confirm
        /// Put the previous one back at once.
        case reject
        /// How long until the previous one is put back?
        case remaining

        /// How long to wait for the answer, in milliseconds: putting back is tried for a minute.
        fileprivate var patience: Int { self == .reject ? 90_000 : 10_000 }
    }

    /// Answers of the watchdog besides a number of seconds, and the line of its report where it was asked to reject.
    enum Answer {
        static let confirmed = "confirmed"
        /// The new ruleset is not applied yet, so it cannot be confirmed.
        static let tooEarly = "too early"
    }

    /// The watchdog's end.
    static func listen(at path: String) throws(ConfirmationError) -> OpenFile {
        let listener = try OpenFile(socket(AF_UNIX, kind | nonBlocking, 0))
        guard let address = UnixSocketAddress(path) else { throw .system(ENAMETOOLONG) }
        guard unsafe address.use({ unsafe bind(listener.number, $0, $1) }) == 0, Glibc.listen(listener.number, 16) == 0
        else { throw .system(errno) }
        return listener
    }

    /// Answers one waiting connection, if it says in half a second what it wants.
    static func answer(_ listener: borrowing OpenFile, _ answer: (Question) -> String) {
        guard let connection = try? OpenFile(accept(listener.number, nil, nil)) else { return }
        guard readable([connection.number], within: 500).contains(connection.number), let bytes = connection.read(),
            let question = Question(rawValue: String(decoding: bytes, as: UTF8.self))
        else { return }
        connection.write(Array(answer(question).utf8))
    }

    /// The watchdog's answer; nil if there is no watchdog.
    static func ask(_ question: Question, at path: String) -> String? {
        guard let connection = try? OpenFile(socket(AF_UNIX, kind, 0)), let address = UnixSocketAddress(path),
            unsafe address.use({ unsafe connect(connection.number, $0, $1) }) == 0
        else { return nil }
        guard connection.write(Array(question.rawValue.utf8)) else { return nil }
        guard readable([connection.number], within: question.patience).contains(connection.number) else { return nil }
        guard let bytes = connection.read(), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Packets in order: a question or answer comes whole.
    private static var kind: Int32 { Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue) }
    private static var nonBlocking: Int32 { Int32(SOCK_NONBLOCK.rawValue) }
}
