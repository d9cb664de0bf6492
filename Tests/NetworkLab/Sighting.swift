// SPDX-License-Identifier: Apache-2.0

/// What a server answers: who it is, and whom it saw.
struct Sighting: Equatable {
    let server: SocketAddress
    let client: SocketAddress
}

extension Sighting: CustomStringConvertible {
    /// `10.244.0.6:80 saw 192.0.2.11:40123`
    var description: String { "\(server) saw \(client)" }

    /// One line, as it goes over the wire.
    var line: [UInt8] { Array("\(self)\n".utf8) }

    /// Reads ``line``.
    init?(line: [UInt8]) {
        let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 3, words[1] == "saw", let server = SocketAddress(words[0]),
            let client = SocketAddress(words[2])
        else { return nil }
        self.init(server: server, client: client)
    }
}
