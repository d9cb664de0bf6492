// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes

/// Finds the certificates that Ingresses ask for, and for which names each is.
struct CertificateSelection {
    private(set) var certificates: [Certificate] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Which certificate is for a host, and who has asked for it.
    private var owners: [String: (place: Int, ingress: Ingress)] = [:]

    /// - Parameter ingresses: the older first, since the older has the host that two ask for.
    init(_ ingresses: [Ingress], _ secrets: [Secret]) {
        let secrets = Dictionary(secrets.map { (ObjectKey($0.meta), $0) }) { first, _ in first }
        // A Secret that many name is read once.
        var texts: [ObjectKey: Swift.Result<PEMText, PEMProblem>] = [:]
        for ingress in ingresses {
            for (index, tls) in ingress.tls.enumerated() {
                let field = FieldPath("spec", "tls")[index]
                guard let name = tls.secretName else {
                    warn(ingress, field["secretName"], "there is no certificate without a Secret: TLS is left out here")
                    continue
                }
                let key = ObjectKey(ingress.meta.namespace, name)
                guard let secret = secrets[key] else {
                    warn(ingress, field["secretName"], "there is no Secret \(key): TLS is left out here")
                    continue
                }
                let text = texts[key] ?? Swift.Result { () throws(PEMProblem) in try PEMText(secret) }
                texts[key] = text
                switch text {
                case .success(let pem): add(key, pem, tls, ingress, field)
                case .failure(let problem):
                    warn(ingress, field["secretName"], "Secret \(key) \(problem.message): TLS is left out here")
                }
            }
        }
        certificates.removeAll { $0.hosts.isEmpty && !$0.servesOwnNames }
    }

    private mutating func add(
        _ secret: ObjectKey, _ pem: PEMText, _ tls: IngressTLS, _ ingress: Ingress, _ field: FieldPath
    ) {
        let place = certificates.firstIndex { $0.secret == secret } ?? certificates.count
        if place == certificates.count { certificates.append(Certificate(secret: secret, pem: pem)) }
        if tls.hosts.isEmpty { certificates[place].servesOwnNames = true }
        for (index, host) in tls.hosts.enumerated() where host.isIngressHost {
            guard let other = owners[host] else {
                owners[host] = (place, ingress)
                certificates[place].hosts.append(host)
                continue
            }
            guard other.place != place else { continue }
            let owner =
                other.ingress.title == ingress.title ? "an earlier entry" : other.ingress.title(before: ingress)
            warn(
                ingress, field["hosts"][index],
                "\(owner) has \(quoted(host)) with Secret \(certificates[other.place].secret): Secret \(secret) is left out for it"
            )
        }
    }

    private mutating func warn(_ ingress: Ingress, _ field: FieldPath, _ message: String) {
        diagnostics.append(ingress.warning(field, message))
    }
}
