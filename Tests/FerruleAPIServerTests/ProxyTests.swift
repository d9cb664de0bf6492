// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FerruleAPIServer

@Suite struct ProxyTests {
    @Test(
        "a URL without a port has that of its scheme",
        arguments: [
            ("http://proxy", "proxy", 80), ("https://PROXY", "proxy", 443), ("https://proxy:/api", "proxy", 443),
            ("socks5://proxy", "proxy", 1080), ("socks5h://[fd00::1]", "fd00::1", 1080),
            ("http://user:pass@proxy:3128/", "proxy", 3128), ("https://[fd00::1]:6443", "fd00::1", 6443),
        ])
    func ports(_ url: String, _ host: String, _ port: Int) throws {
        let found = try #require(ProxyChoice.hostAndPort(of: url))
        #expect(found.host == host && found.port == port)
    }

    @Test(
        "a proxy that cannot be asked is refused, without its password",
        arguments: [
            ("https://me:secret@proxy:3128", "https:// is not supported; http:// and socks5:// are"),
            ("socks5://me:secret@proxy", "a user is not supported for socks5://, only for http://"),
            ("http://me:secret@proxy:99999", "this is not a URL with a host, and a port of 1-65535 if any"),
        ])
    func refused(_ url: String, _ problem: String) {
        var access = Access(server: "https://api.example.com")
        (access.proxy, access.origin) = (url, "/nowhere/config")
        let error = #expect(throws: AccessError.self) { try APIClient(access) }
        #expect(error?.description == "/nowhere/config: proxy-url, or the proxy of the environment: \(problem)")
    }
}
