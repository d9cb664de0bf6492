// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What an element is found by. The kinds of its values must agree with the key type of its set.
package typealias ElementKey = Concatenation

/// The forms that are in use, to be made and to be taken apart.
extension Concatenation {
    /// `10.96.0.10`
    package static func address(_ address: IPAddress) -> Concatenation { Concatenation(ShortConcatenation(address)) }

    /// `10.244.0.0/16`
    package static func prefix(_ prefix: Prefix) -> Concatenation {
        var key = Concatenation()
        key.append(.prefix(prefix))
        return key
    }

    /// `10.244.0.6 . 10.244.0.6`: source and destination are this one address.
    package static func hairpin(_ address: IPAddress) -> Concatenation {
        var key = Concatenation.address(address)
        key.append(.address(address))
        return key
    }

    /// `tcp . 30001`
    package static func port(_ transport: TransportProtocol, _ port: Port) -> Concatenation {
        var key = Concatenation()
        key.append(.transportProtocol(transport))
        key.append(.port(port))
        return key
    }

    /// `10.96.0.10 . tcp . 53`
    package static func service(
        _ address: IPAddress, _ transport: TransportProtocol, _ port: Port
    ) -> Concatenation {
        Concatenation(ShortConcatenation(address, transport, port))
    }

    /// `203.0.113.10 . tcp . 80 . 198.51.100.0/24`: who may use an address and port.
    package static func serviceSource(
        _ address: IPAddress, _ transport: TransportProtocol, _ port: Port, _ source: Prefix
    ) -> Concatenation {
        var key = Concatenation.service(address, transport, port)
        key.append(.prefix(source))
        return key
    }

    /// `10.244.0.6 . 8080`
    package static func endpoint(_ address: IPAddress, _ port: Port) -> Concatenation {
        Concatenation(ShortConcatenation(address, nil, port))
    }

    /// Of ``address(_:)``; nil for another form.
    package var address: IPAddress? {
        var values = values
        guard case .address(let address)? = values.next(), values.next() == nil else { return nil }
        return address
    }

    /// Of ``prefix(_:)``; nil for another form.
    package var prefix: Prefix? {
        var values = values
        guard case .prefix(let prefix)? = values.next(), values.next() == nil else { return nil }
        return prefix
    }

    /// Of ``port(_:_:)``; nil for another form.
    package var port: (transport: TransportProtocol, port: Port)? {
        var values = values
        guard case .transportProtocol(let transport)? = values.next(), case .port(let port)? = values.next(),
            values.next() == nil
        else { return nil }
        return (transport, port)
    }

    /// Of ``service(_:_:_:)``; nil for another form.
    package var service: (address: IPAddress, transport: TransportProtocol, port: Port)? {
        var values = values
        guard case .address(let address)? = values.next(), case .transportProtocol(let transport)? = values.next(),
            case .port(let port)? = values.next(), values.next() == nil
        else { return nil }
        return (address, transport, port)
    }

    /// Of ``serviceSource(_:_:_:_:)``: the service's key and the range; nil for another form.
    package var serviceSource: (service: ElementKey, source: Prefix)? {
        var values = values
        guard case .address(let address)? = values.next(), case .transportProtocol(let transport)? = values.next(),
            case .port(let port)? = values.next(), case .prefix(let source)? = values.next(), values.next() == nil
        else { return nil }
        return (.service(address, transport, port), source)
    }

    /// Of ``endpoint(_:_:)``; nil for another form.
    package var endpoint: Endpoint? {
        var values = values
        guard case .address(let address)? = values.next(), case .port(let port)? = values.next(), values.next() == nil
        else { return nil }
        return Endpoint(address, port)
    }
}
