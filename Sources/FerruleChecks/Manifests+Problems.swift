// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes
package import FerruleManifests
internal import FerruleQuotas

extension Manifests {
    /// What is wrong with the text of the files, with the objects in them, and with these beside each other.
    ///
    /// - Parameters:
    ///   - isStrict: whether names that the API does not have are errors in whatever has written them.
    ///   - bindsQuotas: whether more than a ResourceQuota allows is an error.
    package func problems(
        _ options: ValidationOptions, isStrict: Bool, bindsQuotas: Bool
    ) -> [Diagnostic] {
        diagnostics(isStrict: isStrict) + ClusterValidator.validate(objects, options: options)
            + QuotaCheck.diagnostics(of: objects, isBinding: bindsQuotas)
    }
}
