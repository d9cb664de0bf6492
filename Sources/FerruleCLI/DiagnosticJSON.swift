// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics

/// A diagnostic in JSON.
struct DiagnosticJSON: Encodable {
    var severity: String
    var file: String?
    var line: Int?
    var column: Int?
    /// `Service shop/web`
    var object: String?
    /// `spec.ports[0].nodePort`
    var field: String?
    var message: String
    var hint: String?
    /// How many more are like it, which do not stand beside it; nil for none.
    var likeIt: Int?

    /// - Parameter diagnostic: with its location, where it has one.
    init(_ diagnostic: Diagnostic) {
        severity = diagnostic.severity.rawValue
        file = diagnostic.origin?.file
        (line, column) = (diagnostic.location?.line, diagnostic.location?.column)
        object = diagnostic.object
        field = diagnostic.field.steps.isEmpty ? nil : diagnostic.field.description
        (message, hint) = (diagnostic.message, diagnostic.hint)
        likeIt = diagnostic.likeIt > 0 ? diagnostic.likeIt : nil
    }
}
