// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation

extension Project {
    /// The path of the tests' API server as a program of its own.
    static let serverProgram = programs.appending(path: "api-server-lab").path

    /// The path of a real dual-stack cluster of three nodes and 33 services.
    static let shopCluster = url("Tests/Data/shop-cluster.yaml").path
}
