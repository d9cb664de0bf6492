// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import Foundation
import Testing

/// The only thing that is written to an API server.
@Suite struct StartingEventTests {
    private func withClient(_ test: (LabServer, APIClient) async throws -> Void) async throws {
        let server = try await LabServer()
        let client = try APIClient(Access(server: server.url))
        let result: Result<Void, any Error>
        do { result = .success(try await test(server, client)) } catch { result = .failure(error) }
        await client.shutdown()
        await server.stop()
        try result.get()
    }

    @Test func saysThatANodeIsServedNow() async throws {
        try await withClient { server, client in
            try await client.reportStart(on: "node-a")
            let text = try #require(server.events.first)
            let event = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            for (field, value) in [
                ("apiVersion", "events.k8s.io/v1"), ("kind", "Event"), ("reason", "Starting"), ("type", "Normal"),
                ("action", "StartProxy"), ("reportingController", "ferrule"), ("reportingInstance", "ferrule-node-a"),
            ] { #expect(event[field] as? String == value, "\(field)") }
            #expect(
                event["regarding"] as? [String: String] == [
                    "apiVersion": "v1", "kind": "Node", "name": "node-a", "uid": "node-a",
                ])
            // Six digits after the point, as the API takes them.
            let time = try #require(event["eventTime"] as? String)
            #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil, "\(time)")
            let meta = try #require(event["metadata"] as? [String: String])
            #expect(meta["namespace"] == "default" && meta["name"]?.hasPrefix("node-a.") == true)
        }
    }

    @Test func aRefusalIsThrown() async throws {
        try await withClient { server, client in
            server.fail(.refuse(code: 403, reason: "Forbidden"))
            await #expect(throws: RequestError.self) { try await client.reportStart(on: "node-a") }
            #expect(server.events.isEmpty)
        }
    }
}
