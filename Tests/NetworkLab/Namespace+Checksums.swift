// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import Glibc

extension Namespace {
    /// Has packets leave an interface with complete checksums, which the other end checks. Without this they bear a mark
    /// that says that they never were on a wire, and wrong ones are taken for right.
    package func completeChecksums(on interface: String) throws(LabError) {
        _ = try perform { () throws(LabError) in
            try check("ETHTOOL_STXCSUM of \(interface)") { unsafe network_lab_complete_checksums(interface) }
        }
    }
}
