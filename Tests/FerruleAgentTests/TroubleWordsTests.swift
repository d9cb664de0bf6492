// SPDX-License-Identifier: Apache-2.0

#if APIServer
    import FerruleAPIServer
    import Testing

    @testable import FerruleAgent

    @Suite struct TroubleWordsTests {
        private let start = ContinuousClock.now

        @Test func anOutageIsOneLineForAllResources() {
            var words = TroubleWords()
            let error = RequestError.unreachable("connection refused")
            let line = words.trouble(.services, error, start)
            #expect(line?.contains("connection refused") == true)
            #expect(words.trouble(.nodes, error, start) == nil)
            #expect(words.trouble(.services, error, start + .seconds(30)) == nil)
            #expect(words.trouble(.services, error, start + .seconds(301)) == line)
        }

        @Test func anotherReasonIsSaid() {
            var words = TroubleWords()
            #expect(words.trouble(.services, .unreachable("connection refused"), start) != nil)
            #expect(words.trouble(.services, .unreachable("no route to host"), start) != nil)
        }

        @Test func whatIsDifferentEachTimeIsNotKeptForEver() {
            var words = TroubleWords()
            for number in 0..<1000 {
                _ = words.trouble(.services, .unreachable("try \(number)"), start + .seconds(30 * number))
            }
            #expect(words.said.count <= 10)
        }

        @Test func aRefusalIsSaidOfEachResource() {
            var words = TroubleWords()
            let error = RequestError.refused(ServerStatus())
            #expect(words.trouble(.services, error, start)?.hasPrefix("services: ") == true)
            #expect(words.trouble(.nodes, error, start)?.hasPrefix("nodes: ") == true)
        }

        @Test func afterRecoveryTroubleIsNewsAgain() {
            var words = TroubleWords()
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
