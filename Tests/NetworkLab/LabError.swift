// SPDX-License-Identifier: Apache-2.0
//
// NetworkLab: network namespaces wired up like a node and its surroundings, with servers and probes that send real
// packets through them. It knows addresses, ports and protocols, and nothing of Kubernetes or of Ferrule's rulesets.

internal import Glibc

/// Why the lab could not do its own work; what happens to a probe's packets is an ``Outcome``, never an error.
package struct LabError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A failed system call, with the number it left in `errno`.
    init(_ call: String, errno number: Int32) {
        description = "\(call): \(unsafe String(cString: strerror(number))) (errno \(number))"
    }
}

/// Repeats a system call while a signal interrupts it, and turns its -1 into an error that names it.
@discardableResult
func check<Number: SignedInteger>(_ call: String, _ body: () -> Number) throws(LabError) -> Number {
    while true {
        let result = body()
        let number = errno
        if result != -1 { return result }
        if number != EINTR { throw LabError(call, errno: number) }
    }
}
