// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Checks Secrets that hold certificates, with the rules by which an API server of Kubernetes 1.36 takes new ones
/// (`ValidateSecret` in `pkg/apis/core/validation/validation.go`). No message quotes what a Secret holds.
enum SecretValidator {
    static func diagnostics(of secret: Secret) -> [Diagnostic] {
        var report = ObjectReport(.secret, secret.meta)
        report.checkMeta(.subdomain)
        guard secret.type == Secret.tlsType else { return report.diagnostics }
        for (name, value) in [("tls.crt", secret.certificate), ("tls.key", secret.privateKey)] where value == nil {
            report.error(FieldPath("data")[name], "missing; a Secret of type \(Secret.tlsType) has it as a string")
        }
        return report.diagnostics
    }
}
