// SPDX-License-Identifier: Apache-2.0

/// The way of a packet, with the words for it, as it is to be drawn. Texts are in no way escaped yet.
package struct WayPicture: Sendable {
    /// Which packet it is, and what becomes of it: together a sentence, but for its stop.
    package var subject: String
    package var predicate: String
    package var source: Place
    package var entrance: Place
    /// What every packet meets until chance decides, or its way ends.
    package var steps: [Step]
    /// Where it may end, as many as are shown; one of all packets where no chance decides.
    package var ends: [End]
    /// The ends that are not shown; nil where there are none.
    package var rest: Rest?
    /// What packets meet whichever of several ways they go.
    package var closing: [Step]

    package init(
        subject: String, predicate: String, source: Place, entrance: Place, steps: [Step], ends: [End], rest: Rest?,
        closing: [Step]
    ) {
        (self.subject, self.predicate, self.source, self.entrance) = (subject, predicate, source, entrance)
        (self.steps, self.ends, self.rest, self.closing) = (steps, ends, rest, closing)
    }

    /// Who sends the packet, or what it is sent to.
    package struct Place: Sendable {
        package var name: String
        package var detail: String

        package init(name: String, detail: String) { (self.name, self.detail) = (name, detail) }
    }

    /// A rule that did something.
    package struct Step: Sendable {
        package var chain: String
        /// In the language of nft.
        package var rule: String
        /// What it found in a set or map; nil where it asked for none.
        package var element: String?
        /// In words; may be empty.
        package var why: String

        package init(chain: String, rule: String, element: String?, why: String) {
            (self.chain, self.rule, self.element, self.why) = (chain, rule, element, why)
        }
    }

    /// One of the ways in which it may end.
    package struct End: Sendable {
        package enum Kind: Sendable { case endpoint, refused, dropped, leftAlone, notKnown }

        package var kind: Kind
        /// The endpoint, or what becomes of the packet.
        package var name: String
        /// Whose the endpoint is, or why there is none; may be empty.
        package var detail: String
        /// What would have to be otherwise; nil where nothing can be named.
        package var remedy: String?
        /// What else is special about it, a few words each.
        package var marks: [String]
        /// What is met on this way alone.
        package var steps: [Step]
        /// Of all packets, more than 0 and at most 1; drawn as the width of a line.
        package var share: Double
        /// The same in words; nil where all packets end so.
        package var shareText: String?

        package init(
            kind: Kind, name: String, detail: String, remedy: String?, marks: [String], steps: [Step], share: Double,
            shareText: String?
        ) {
            (self.kind, self.name, self.detail, self.remedy) = (kind, name, detail, remedy)
            (self.marks, self.steps, self.share, self.shareText) = (marks, steps, share, shareText)
        }
    }

    /// Ends that are counted, not shown.
    package struct Rest: Sendable {
        /// `and 38 more`
        package var name: String
        /// Where they are, a line for each place.
        package var details: [String]
        package var share: Double
        package var shareText: String

        package init(name: String, details: [String], share: Double, shareText: String) {
            (self.name, self.details, self.share, self.shareText) = (name, details, share, shareText)
        }
    }
}
