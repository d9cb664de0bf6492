// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// The proxy that the environment names for a server, as programs in Go choose it
/// (`golang.org/x/net/http/httpproxy`): `HTTPS_PROXY` or `HTTP_PROXY`, unless `NO_PROXY` names the host.
enum ProxyChoice {
    /// The proxy for a URL; nil for none.
    static func proxy(for server: String, _ environment: [String: String]) -> String? {
        func variable(_ name: String) -> String? {
            for name in [name, name.lowercased()] {
                if let value = environment[name], !value.isEmpty { return value }
            }
            return nil
        }
        guard let proxy = variable(server.hasPrefix("https://") ? "HTTPS_PROXY" : "HTTP_PROXY") else { return nil }
        guard let (host, port) = hostAndPort(of: server) else { return nil }
        // A server on the machine itself is never asked through a proxy.
        if host == "localhost" || IPAddress(host)?.isLoopback == true { return nil }
        let exceptions = (variable("NO_PROXY") ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        if exceptions.contains(where: { isException($0.lowercased(), host, port) }) { return nil }
        return proxy.contains("://") ? proxy : "http://" + proxy
    }

    /// The host of a URL in lower case and without brackets, and the port; nil where there is no host, or the port is none.
    static func hostAndPort(of url: String) -> (host: String, port: Int)? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        var authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        var (host, rest) = (authority, authority[authority.endIndex...])
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
        } else if let colon = authority.lastIndex(of: ":") {
            (host, rest) = (authority[..<colon], authority[colon...])
        }
        guard !host.isEmpty, let port = port(rest, scheme: url[..<scheme.lowerBound]) else { return nil }
        return (host.lowercased(), port)
    }

    /// `:PORT`, or nothing for the port of a scheme; nil for what is none.
    private static func port(_ text: Substring, scheme: Substring) -> Int? {
        if text.isEmpty || text == ":" {
            return switch scheme {
            case "https": 443
            case "socks5", "socks5h": 1080
            default: 80
            }
        }
        guard text.first == ":", let number = Int(text.dropFirst()), (1...65_535).contains(number) else { return nil }
        return number
    }

    /// Whether an entry of `NO_PROXY` names a host: `*`, an address, a range, a name with all names below it, or with a dot
    /// before it only those; each perhaps with a port.
    private static func isException(_ entry: String, _ host: String, _ port: Int) -> Bool {
        if entry.isEmpty { return false }
        if entry == "*" { return true }
        if let address = IPAddress(host) {
            if let range = Prefix(entry) { return range.contains(address) }
            let isBracketed = entry.hasPrefix("[") && entry.hasSuffix("]")
            if let named = IPAddress(isBracketed ? String(entry.dropFirst().dropLast()) : entry) {
                return named == address
            }
            return hostAndPort(of: "http://" + entry).map { IPAddress($0.host) == address && $0.port == port } ?? false
        }
        var name = entry
        if let colon = entry.lastIndex(of: ":") {
            guard Int(entry[entry.index(after: colon)...]) == port else { return false }
            name = String(entry[..<colon])
        }
        if name.hasPrefix("*.") { name.removeFirst() }
        return name.hasPrefix(".") ? host.hasSuffix(name) : host == name || host.hasSuffix("." + name)
    }
}
