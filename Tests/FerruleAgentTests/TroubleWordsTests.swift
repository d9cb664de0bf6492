// SPDX-License-Identifier: Apache-2.0

#if APIServer
    import FerruleAPIServer
    import Testing

    @testable import FerruleAgent

    @Suite struct TroubleWordsTests {
        private let start = ContinuousClock.now

        @Test func anOutageIsOneLineForAllResources() {
            var words = TroubleWords("the API server https://a")
            let error = RequestError.unreachable("connection refused")
            let line = words.trouble(.services, error, start)
            #expect(
                line
                    == "the API server https://a cannot be reached: connection refused; what is known of the cluster holds"
            )
            #expect(words.trouble(.nodes, error, start) == nil)
            #expect(words.trouble(.services, error, start + .seconds(30)) == nil)
            #expect(words.trouble(.services, error, start + .seconds(301)) == line)
        }

        @Test func anotherReasonIsSaid() {
            var words = TroubleWords("the API server https://a")
            #expect(words.trouble(.services, .unreachable("connection refused"), start) != nil)
            #expect(words.trouble(.services, .unreachable("no route to host"), start) != nil)
        }

        @Test func whatIsDifferentEachTimeIsNotKeptForEver() {
            var words = TroubleWords("the API server https://a")
            for number in 0..<1000 {
                _ = words.trouble(.services, .unreachable("try \(number)"), start + .seconds(30 * number))
            }
            #expect(words.said.count <= 10)
        }

        @Test(
            "what a server, or a gateway before it, says whatever it is asked for is no matter of a resource",
            arguments: [
                (302, ""), (401, "Unauthorized"), (429, ""), (429, "TooManyRequests"), (502, ""), (503, ""),
                (503, "ServiceUnavailable"), (504, ""), (500, ""),
            ])
        func concernsServer(_ code: Int, _ reason: String) {
            var words = TroubleWords("the API server https://a")
            var status = ServerStatus()
            (status.code, status.reason, status.message) = (code, reason, "no")
            let line = words.trouble(.services, .refused(status), start)
            #expect(line == "the API server https://a refuses: no; what is known of the cluster holds")
            #expect(words.trouble(.nodes, .refused(status), start) == nil)
        }

        @Test func anAnswerOfAnotherProgramIsSaidOnce() {
            var words = TroubleWords("the API server https://a")
            #expect(words.trouble(.services, .foreign, start)?.hasPrefix("the API server https://a answers in") == true)
            #expect(words.trouble(.nodes, .foreign, start) == nil)
        }

        @Test(arguments: [
            (403, "Forbidden"), (404, "NotFound"), (410, "Expired"), (422, "Invalid"), (500, "InternalError"),
        ])
        func aRefusalIsSaidOfEachResource(_ code: Int, _ reason: String) {
            var words = TroubleWords("the API server https://a")
            var status = ServerStatus()
            (status.code, status.reason) = (code, reason)
            let error = RequestError.refused(status)
            #expect(words.trouble(.services, error, start)?.hasPrefix("services: ") == true)
            #expect(words.trouble(.nodes, error, start)?.hasPrefix("nodes: ") == true)
        }

        @Test func afterRecoveryTroubleIsNewsAgain() {
            var words = TroubleWords("the API server https://a")
            let error = RequestError.unreachable("connection refused")
            for resource in [Resource.services, .nodes] { _ = words.trouble(resource, error, start) }
            #expect(words.recovered(.services) == "services are followed again")
            // The nodes suffer still.
            #expect(words.trouble(.services, error, start) == nil)
            _ = words.recovered(.services)
            #expect(words.recovered(.nodes) == "all of the API server is followed again")
            #expect(words.trouble(.services, error, start) != nil)
        }
    }
#endif
