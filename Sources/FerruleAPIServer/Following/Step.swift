// SPDX-License-Identifier: Apache-2.0

/// What a step came to.
struct Step: Sendable {
    let progress: Progress
    let end: StepEnd
    /// The connections that it went over.
    let connectionNumber: Int

    init(_ progress: Progress, _ end: StepEnd, _ connectionNumber: Int) {
        (self.progress, self.end, self.connectionNumber) = (progress, end, connectionNumber)
    }
}
