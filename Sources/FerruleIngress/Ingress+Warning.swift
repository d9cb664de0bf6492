// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleKubernetes

extension Ingress {
    /// The Ingress as people call it.
    var title: String { "Ingress \(meta.displayName)" }

    /// Something in it that does not come to what its author may think.
    func warning(_ field: FieldPath, _ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(.warning, message, object: title, field: field, origin: meta.origin, hint: hint)
    }
}
