// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// Which services `ferrule get` is asked for.
struct GetTests {
    private static let input = ["-f", "golden/get-services/input.yaml", "-q"]

    @Test(
        "a service is meant by its name, one of a namespace, all of one, or a pattern",
        arguments: [
            ([], "data/database data/peers shop/cart shop/empty shop/mesh shop/payments shop/web"),
            (["shop/web"], "shop/web"), (["services", "shop/web"], "shop/web"), (["web"], "shop/web"),
            (["web", "-n", "shop"], "shop/web"), (["data/"], "data/database data/peers"),
            (["*/web"], "shop/web"), (["shop/*e*"], "shop/empty shop/mesh shop/payments shop/web"),
            (["p*"], "data/peers shop/payments"), (["?art", "-n", "shop"], "shop/cart"),
            (["-n", "data"], "data/database data/peers"), (["shop/web", "-n", "data"], "shop/web"),
        ])
    func selects(arguments: [String], names: String) async throws {
        let run = try await ProgramRun.ferrule(["get", "--format", "name"] + arguments + Self.input)
        let expected = names.split(separator: " ").map { "service/\($0)\n" }.joined()
        #expect(run == ProgramRun(status: 0, standardOutput: expected, standardError: ""))
    }

    @Test(
        "a service that is not there is an error that names the nearest",
        arguments: [
            (["shop/wbe"], "the input has no service shop/wbe; did you mean shop/web?"),
            (["hop/cart"], "the input has no service hop/cart; did you mean shop/cart?"),
            (["data/web"], "the input has no service data/web; did you mean shop/web?"),
            (["web", "-n", "data"], "the input has no service data/web; did you mean shop/web?"),
            (["crat"], "the input has no service crat; did you mean shop/cart?"),
            (["shop/checkout"], "the input has no service shop/checkout"),
            (["dta/"], "the input has no service in namespace dta; did you mean data?"),
            (["shop/x*"], "the input has no service shop/x*"),
            (["-n", "dta"], "the input has no service in namespace dta; did you mean data?"),
            (["namespaces"], "the input has no service namespaces; services or endpoints can be listed"),
            (["service"], "the input has no service service; services or endpoints can be listed"),
            (["services", "namespaces"], "the input has no service namespaces"),
            (["endpoints", "shop/wbe"], "the input has no service shop/wbe; did you mean shop/web?"),
        ])
    func suggests(arguments: [String], message: String) async throws {
        for format in ["table", "wide", "json", "name"] {
            let run = try await ProgramRun.ferrule(["get", "--format", format] + arguments + Self.input)
            #expect(run == ProgramRun(status: 65, standardOutput: "", standardError: "error: \(message)\n"))
        }
    }

    @Test("what is written as JSON is of version 1, and holds the services in the order of the other formats")
    func json() async throws {
        let run = try await ProgramRun.ferrule(["get", "--format", "json"] + Self.input)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8)) as? [String: Any])
        #expect(document["version"] as? Int == 1)
        let services = try #require(document["services"] as? [[String: Any]])
        let names = services.map { "service/\($0["namespace"] ?? "")/\($0["name"] ?? "")\n" }.joined()
        #expect(try await ProgramRun.ferrule(["get", "--format", "name"] + Self.input).standardOutput == names)
    }
}
