// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FerruleTestSupport
import FoundationEssentials
import Testing

struct ManifestReaderTests {
    private func read(file: String) throws -> Manifests {
        try ManifestReader(standardInput: { Data() }).read([file])
    }

    @Test("a cluster as kubectl prints it is read whole")
    func readsShopCluster() throws {
        let manifests = try read(file: Project.url("Tests/Data/shop-cluster.yaml").path)
        let objects = manifests.objects
        #expect(manifests.diagnostics == [])
        #expect(objects.services.count == 33)
        #expect(objects.endpointSlices.count == 34)
        #expect(objects.endpoints.count == 32)
        #expect(objects.nodes.count == 3)
        #expect(objects.pods.count == 49)
        #expect(objects.namespaces.count == 7)
        #expect(manifests.skippedKinds.map(\.description) == ["Ingress 1"])
        let cart = try #require(objects.services.first { $0.meta.name == "node-js" })
        #expect(cart.spec.clusterIP == "10.96.75.150")
        #expect(cart.spec.ports.first?.nodePort == 31821)
        #expect(cart.spec.ports.first?.targetPort == .number(80))
        #expect(cart.spec.affinityTimeoutSeconds == 10800)
        #expect(cart.loadBalancerIngress.map(\.ip) == ["203.0.113.11"])
        #expect(cart.meta.origin.path.description == "items[2]")
    }
}
