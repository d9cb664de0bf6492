// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Has a configuration read again when its file may have become another, a ConfigMap's included.
package enum ConfigurationWatch {
    /// Watches on a thread of its own.
    package static func start(_ path: String, _ mailbox: Mailbox) {
        DispatchQueue(label: "ferrule.configuration").async {
            while true { noticeAndWait(path, mailbox) }
        }
    }

    /// Not inlined: see ``FileSource``.
    @inline(never)
    private static func noticeAndWait(_ path: String, _ mailbox: Mailbox) {
        let watch = FileWatch([path])
        mailbox.reread(isAsked: false)
        watch.wait()
    }
}
