// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import Foundation
import Testing

@testable import FerruleAgent

@Suite struct MailboxTests {
    private func change(_ service: Int, _ port: Int) -> ClusterChange {
        var spec = ServiceSpec()
        var servicePort = ServicePort()
        servicePort.port = port
        spec.ports = [servicePort]
        return .put(.service(Service(meta: ObjectMeta(name: "web-\(service)", namespace: "shop"), spec: spec)))
    }

    @Test("what waits for a long commit is never much more than all objects")
    func compacts() {
        let mailbox = Mailbox()
        for port in 1...50_000 { mailbox.put([change(port % 10, port)], triggers: [Date()]) }
        let mail = mailbox.take(until: .now())
        #expect(mail.changes.count <= 4096)
        #expect(mail.triggers.count <= 4096)
        #expect(Array(mail.changes.suffix(3)) == (49_998...50_000).map { change($0 % 10, $0) })
        #expect(mailbox.take(until: .now()).isEmpty)
    }

    @Test("all that has gathered is taken at once, and a single signal tells of it")
    func gathers() {
        let mailbox = Mailbox()
        mailbox.put([change(1, 80)])
        mailbox.complete()
        mailbox.report(intruder: "nft")
        mailbox.reread(isAsked: true)
        mailbox.reread(isAsked: false)
        let mail = mailbox.take(until: .now())
        #expect(mail.changes == [change(1, 80)] && mail.isComplete && mail.intruders == ["nft"])
        #expect(mail.rereads == true)
        #expect(!mail.isOver)
        // No other signal is left that would end a wait for nothing.
        let start = ContinuousClock.now
        #expect(mailbox.take(until: .now() + .milliseconds(50)).isEmpty)
        #expect(.now - start >= .milliseconds(50))
    }
}
