// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The chains that pick an endpoint and translate to it.
enum SlotChains {
    /// Translates to endpoint number `slot`. A packet may have read the number of endpoints before a commit and look its
    /// endpoint up after it; if that is gone it takes the first one, and if there is none it is dropped so that it comes again.
    static func slot(_ slot: Int, _ scope: SlotScope) -> Chain {
        Chain(
            scope.slot(slot),
            rules: [
                Rule(.translate(scope.key, scope.endpoints(slot))),
                Rule(.verdict(slot == 0 ? .drop : .goto(scope.slot(0)))),
            ])
    }

    /// Picks one of `count` slots.
    static func balance(_ count: Int, _ scope: SlotScope) -> Chain {
        Chain(scope.balance(count), rules: [Rule(.spread((0..<count).map { .goto(scope.slot($0)) }))])
    }

    /// Traffic that came to an address of the node or of a balancer: it is masqueraded, so that the answer comes back here.
    static func external(_ count: Int, _ scope: SlotScope, _ mark: Mark) -> Chain {
        Chain(
            scope.external(count), rules: [Rule(.setMark(mark)), Rule(.verdict(.goto(scope.balance(count))))])
    }
}
