// SPDX-License-Identifier: Apache-2.0

import FerruleAPIServer
import FerruleCluster
import FerruleKubernetes
import Testing

@Suite struct ChangeBatchTests {
    @Test func onlyTheLastChangeOfEachObjectStays() {
        var batch = ChangeBatch([
            .put(.service(.sample(1))), .put(.service(.sample(2))), .put(.endpointSlice(.sample(1))),
            .delete(.service, ObjectKey("shop", "web-1")), .put(.service(.sample(2, port: 81))),
            .put(.node(.sample)),
        ])
        batch.compact()
        #expect(
            batch.changes == [
                .put(.endpointSlice(.sample(1))), .delete(.service, ObjectKey("shop", "web-1")),
                .put(.service(.sample(2, port: 81))), .put(.node(.sample)),
            ])
    }
}
