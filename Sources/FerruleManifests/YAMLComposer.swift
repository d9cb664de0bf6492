// SPDX-License-Identifier: Apache-2.0

import CYAML

/// Makes a tree of the events of a text of YAML.
@safe
struct YAMLComposer {
    /// How deep a tree may be.
    static let depthLimit = 500

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: String
    /// What aliases name.
    private var anchors: [String: Part] = [:]

    /// A part of the tree, and how many levels it has: aliases of aliases make deep trees of flat texts, which nothing could go
    /// through or free.
    private struct Part {
        let node: YAMLNode
        let height: Int
    }

    /// The tree of a text with one document; nil if it has none.
    ///
    /// - Throws: if the text is not well-formed, has a second document, names a key twice or one that is no text, or is nested
    ///   more deeply than ``depthLimit``.
    static func root(of text: String) throws(YAMLProblem) -> YAMLNode? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { unsafe parser.deallocate() }
        guard unsafe yaml_parser_initialize(parser) == 1 else { throw YAMLProblem("the YAML cannot be read", nil) }
        defer { unsafe yaml_parser_delete(parser) }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        var bytes = text
        // The parser reads from these bytes as long as it parses.
        let root: Result<YAMLNode?, YAMLProblem> = bytes.withUTF8 { bytes in
            unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
            return Result { () throws(YAMLProblem) in
                var composer = unsafe YAMLComposer(parser: parser, text: text)
                return try composer.root()
            }
        }
        return try root.get()
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>, text: String) {
        unsafe self.parser = parser
        self.text = text
    }

    private func next() throws(YAMLProblem) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            throw unsafe YAMLProblem(parser.pointee, in: text)
        }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe YAMLEvent(event)
    }

    private mutating func root() throws(YAMLProblem) -> YAMLNode? {
        guard try hasDocument() else { return nil }
        let root = try part(next(), depth: 1).node
        if try hasDocument() {
            throw YAMLProblem("a second document starts here without a line of three dashes", try next().mark)
        }
        return root
    }

    /// Goes on to the start of the next document; false if there is none.
    private func hasDocument() throws(YAMLProblem) -> Bool {
        while true {
            switch try next().kind {
            case .document: return true
            case .endOfStream: return false
            default: continue
            }
        }
    }

    /// What an event begins.
    private mutating func part(_ event: YAMLEvent, depth: Int) throws(YAMLProblem) -> Part {
        guard depth <= Self.depthLimit else { throw YAMLProblem.depth(event.mark) }
        let part: Part
        switch event.kind {
        case .scalar(let scalar): part = Part(node: .scalar(scalar, event.mark), height: 1)
        case .sequence: part = try sequence(event.mark, depth)
        case .mapping: part = try mapping(event.mark, depth)
        case .alias(let name):
            guard let named = anchors[name] else {
                throw YAMLProblem("the alias names an anchor that is not defined before it", event.mark)
            }
            guard depth + named.height - 1 <= Self.depthLimit else { throw YAMLProblem.depth(event.mark) }
            return named
        case .end, .document, .endOfStream, .other: throw YAMLProblem("the YAML is not well-formed", event.mark)
        }
        if let anchor = event.anchor { anchors[anchor] = part }
        return part
    }

    private mutating func sequence(_ mark: YAMLNode.Mark, _ depth: Int) throws(YAMLProblem) -> Part {
        var elements: [YAMLNode] = []
        var height = 0
        while true {
            let event = try next()
            if case .end = event.kind { return Part(node: .sequence(elements, mark), height: height + 1) }
            let element = try part(event, depth: depth + 1)
            elements.append(element.node)
            height = max(height, element.height)
        }
    }

    private mutating func mapping(_ mark: YAMLNode.Mark, _ depth: Int) throws(YAMLProblem) -> Part {
        var members: [YAMLNode.Member] = []
        var height = 1
        var marks: [String: YAMLNode.Mark] = [:]
        var repeated: [String] = []
        var places: (first: YAMLNode.Mark, again: YAMLNode.Mark)?
        var isRepeated: Set<String> = []
        while true {
            let event = try next()
            if case .end = event.kind { break }
            guard case .scalar(let key, _) = try part(event, depth: depth + 1).node else {
                throw YAMLProblem("a key must be a text", event.mark)
            }
            let value = try part(next(), depth: depth + 1)
            let member = YAMLNode.Member(key, value.node)
            // Keys that are written differently may be one in JSON: `yes` and `true`, `1` and `"1"`.
            if let first = marks[member.key] {
                places = places ?? (first, event.mark)
                if isRepeated.insert(member.key).inserted { repeated.append(member.key) }
            } else {
                marks[member.key] = event.mark
            }
            members.append(member)
            height = max(height, value.height)
        }
        if let places { throw YAMLProblem(repeated: repeated, places) }
        return Part(node: .mapping(members, mark), height: height + 1)
    }
}
