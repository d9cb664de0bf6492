// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension Summary {
    /// The numbers for people: `31 services with 74 endpoints; 2 headless and 1 ExternalName need no rules.`
    package var sentence: String {
        var sentence = services == 0 ? "No services" : counted(services, "service")
        if services > 0 { sentence += endpoints > 0 ? " with \(counted(endpoints, "endpoint"))" : " without endpoints" }
        switch (headless, externalNames) {
        case (0, 0): break
        case (let count, 0): sentence += "; " + unruled(count, "headless service")
        case (0, let count): sentence += "; " + unruled(count, "ExternalName service")
        case (_, _): sentence += "; \(headless) headless and \(externalNames) ExternalName need no rules"
        }
        return sentence + "."
    }
}

private func unruled(_ count: Int, _ noun: String) -> String {
    counted(count, noun) + (count == 1 ? " needs no rules" : " need no rules")
}
