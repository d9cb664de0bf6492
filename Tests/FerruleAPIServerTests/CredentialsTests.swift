// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

@testable import FerruleAPIServer

@Suite struct CredentialsTests {
    /// Which of the two comes first, nobody can say, so they meet many times.
    @Test func aTokenThatIsGivenTakesTheFilesPlaceAlsoWhereTheOldOneIsRefusedMeanwhile() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "token")
        var access = Access(server: "http://127.0.0.1:1")
        (access.identity.token, access.identity.tokenFile) = ("given", file.path)
        for _ in 0..<300 {
            try folder.write("first", to: "token")
            let credentials = Credentials(access, lifetime: .zero)
            let first = try await credentials.current()
            #expect(first.authorization == "Bearer first")
            try FileManager.default.removeItem(at: file)
            async let next = credentials.current()
            async let refusal: Void = credentials.refused(first)
            let authorization = try await next.authorization
            #expect(authorization == "Bearer first" || authorization == "Bearer given")
            await refusal
            #expect(try await credentials.current().authorization == "Bearer given")
        }
    }
}
