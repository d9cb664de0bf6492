// SPDX-License-Identifier: Apache-2.0

/// A plan, with the words for it, as a page is to show it. Texts are in no way escaped yet.
package struct PlanPage: Sendable {
    /// What it is.
    package var title: String
    /// What changes, in numbers, in a few words.
    package var summary: String
    /// How many of something there are, shown large.
    package var tallies: [Tally]
    /// What has to be known before the rest.
    package var notes: [String]
    /// What changes, by how urgently somebody should look at it.
    package var groups: [Group]
    /// Who can reach what that could not before, or no longer can.
    package var reach: [Reach]
    package var namespaces: [Namespace]
    /// What is sent to the kernel.
    package var kernel: String
    package var warnings: [String]

    package init(
        title: String, summary: String, tallies: [Tally], notes: [String], groups: [Group], reach: [Reach],
        namespaces: [Namespace], kernel: String, warnings: [String]
    ) {
        (self.title, self.summary, self.tallies, self.notes) = (title, summary, tallies, notes)
        (self.groups, self.reach, self.namespaces) = (groups, reach, namespaces)
        (self.kernel, self.warnings) = (kernel, warnings)
    }

    package enum Kind: String, Sendable, CaseIterable { case add, change, remove }

    package struct Tally: Sendable {
        package var count: Int
        package var words: String
        /// nil: of dangerous ones.
        package var kind: Kind?

        package init(count: Int, words: String, kind: Kind?) {
            (self.count, self.words, self.kind) = (count, words, kind)
        }
    }

    package struct Group: Sendable {
        package var title: String
        package var items: [Item]

        package init(title: String, items: [Item]) { (self.title, self.items) = (title, items) }
    }

    /// A service port, or something else that changes.
    package struct Item: Sendable {
        package var name: String
        package var kind: Kind
        package var isDangerous: Bool
        package var changes: [Change]
        /// Where clients find it; nil of what is no service.
        package var ways: Ways?

        package init(name: String, kind: Kind, isDangerous: Bool, changes: [Change], ways: Ways?) {
            (self.name, self.kind, self.isDangerous) = (name, kind, isDangerous)
            (self.changes, self.ways) = (changes, ways)
        }
    }

    package struct Change: Sendable {
        package var text: String
        package var isDangerous: Bool

        package init(text: String, isDangerous: Bool) { (self.text, self.isDangerous) = (text, isDangerous) }
    }

    package struct Ways: Sendable {
        package var before: Side
        package var after: Side

        package init(before: Side, after: Side) { (self.before, self.after) = (before, after) }
    }

    package struct Side: Sendable {
        package var entrances: [Entrance]
        /// What is said where there is none.
        package var absence: String

        package init(entrances: [Entrance], absence: String) {
            (self.entrances, self.absence) = (entrances, absence)
        }
    }

    /// A place where clients find a service port, and what they reach there.
    package struct Entrance: Sendable {
        package var place: String
        /// `4 endpoints, sticky for 3h`
        package var destination: String
        /// Whether it is only on this side, or on both and otherwise.
        package var isOther: Bool
        /// The endpoints that are shown.
        package var endpoints: [Endpoint]
        /// How many there are besides.
        package var more: Int

        package init(place: String, destination: String, isOther: Bool, endpoints: [Endpoint], more: Int) {
            (self.place, self.destination, self.isOther) = (place, destination, isOther)
            (self.endpoints, self.more) = (endpoints, more)
        }
    }

    package struct Endpoint: Sendable {
        package var name: String
        /// Whether it is on this side alone.
        package var isOther: Bool

        package init(name: String, isOther: Bool) { (self.name, self.isOther) = (name, isOther) }
    }

    /// Who can reach something now, or no longer can.
    package struct Reach: Sendable {
        /// Of those who can now `add`, of those who no longer can `remove`; nil of how many are not shown.
        package var kind: Kind?
        package var text: String

        package init(kind: Kind?, text: String) { (self.kind, self.text) = (kind, text) }
    }

    package struct Namespace: Sendable {
        package var name: String
        /// To add, to change, to remove, dangerous.
        package var counts: [Int]

        package init(name: String, counts: [Int]) { (self.name, self.counts) = (name, counts) }
    }
}
