// SPDX-License-Identifier: Apache-2.0

/// How long things may take when an API server is followed.
package struct FollowTimes: Sendable, Hashable {
    /// The wait after the first failure, which doubles with each that follows, as in client-go.
    package var firstDelay = Duration.milliseconds(800)
    /// The longest wait that is not asked for by the server. What has worked for so long is all right again: the next failure is a
    /// first one.
    package var longestDelay = Duration.seconds(30)
    /// One that ends after so long is asked for again without a wait, as in client-go.
    package var healthyWatch = Duration.seconds(1)
    /// How long a list may say nothing.
    package var listSilence = Duration.seconds(60)
    /// How long a streaming list may take to begin, and for each hundred of its objects, before a list is asked for instead: a
    /// server that does not know such lists may send a watch, which is never silent for long.
    package var streamingSilence = Duration.seconds(10)
    /// How long a watch may say nothing: bookmarks come about every minute.
    package var watchSilence = Duration.seconds(180)
    /// When the server is asked to end a watch, so that agents spread over servers again; up to twice as much.
    package var watchSeconds = 300
    /// How often it is looked whether a resource is there that the server lacks.
    package var absentResource = Duration.seconds(300)
    /// How many objects to ask for at a time, where a list is not answered from the server's cache.
    package var pageSize = 500
    /// Whether lists come as streams where the server can do that.
    package var streamsLists = true

    /// How long the object of the node and its addresses are waited for where all else is known, since they tell where node ports
    /// are served: a kubelet makes it when it starts. Zero where that is known without it.
    package var missingNode = Duration.seconds(5)
    /// How long ServiceCIDRs are waited for where all else is known: a server that cannot tell them must not hold back services.
    package var missingRanges = Duration.seconds(5)

    package init() {}
}
