// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FoundationEssentials

extension JSONDecoder {
    /// Decodes the document that a session has begun, and looks for fields that the API does not have; false if it is not
    /// JSON.
    func decodeDocument(_ data: Data, in session: DecodingSession) -> Bool {
        guard (try? decode(KubernetesDocument.self, from: data)) != nil else { return false }
        var checker = FieldChecker(data, decodedIn: session)
        session.add(checker.run())
        return true
    }
}
