// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink

extension NetlinkError {
    var exitCode: ExitCode {
        switch self {
        case .notPermitted: Failure.notPermitted
        case .unsupported: Failure.unsupported
        case .libraryRefused: Failure.defect
        case .changedUnderway, .refused, .systemCall, .repliesLost, .outcomeUnknown: Failure.refused
        }
    }
}
