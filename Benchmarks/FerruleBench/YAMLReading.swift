// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleManifests
import Foundation
import Yams

/// Reads one YAML file either way: as Ferrule does, with places in the text and reports of mistakes, or by the YAML library's
/// own decoder on the fields that are needed.
struct YAMLReading: Measurement {
    let path: String
    let isPlain: Bool

    func measure() throws -> Double {
        let data = try Data(contentsOf: URL(filePath: path))
        guard isPlain else {
            let (manifests, time) = try seconds { try ManifestReader { Data() }.read([path]) }
            guard !manifests.objects.services.isEmpty else { throw BenchError("\(path) holds no services") }
            return time
        }
        return try seconds {
            let decoder = YAMLDecoder()
            for document in String(decoding: data, as: UTF8.self).components(separatedBy: "\n---\n") {
                _ = try decoder.decode(PlainList.self, from: document)
            }
        }.seconds
    }
}
