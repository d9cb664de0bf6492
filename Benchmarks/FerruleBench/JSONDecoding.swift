// SPDX-License-Identifier: Apache-2.0

/// Foundation's decoder alone; measured from outside.
struct JSONDecoding: Measurement {
    let path: String

    func measure() throws -> Bool {
        try PlainDecoding.decode(path)
        return true
    }
}
