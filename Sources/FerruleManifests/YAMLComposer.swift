// SPDX-License-Identifier: Apache-2.0

import CYAML

/// Makes a tree of the events of a text of YAML.
@safe
struct YAMLComposer {
    /// How deep a tree may be.
    static let depthLimit = 500

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: String
    private var anchors: [String: YAMLNode] = [:]

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
        let root = try node(next(), depth: 1)
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
    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLProblem) -> YAMLNode {
        guard depth <= Self.depthLimit else { throw YAMLProblem("the text is nested too deeply", event.mark) }
        let node: YAMLNode
        switch event.kind {
        case .scalar(let scalar): node = .scalar(scalar, event.mark)
        case .sequence: node = .sequence(try elements(depth), event.mark)
        case .mapping: node = .mapping(try members(depth), event.mark)
        case .alias(let name):
            guard let named = anchors[name] else {
                throw YAMLProblem("the alias names an anchor that is not defined before it", event.mark)
            }
            return named
        case .end, .document, .endOfStream, .other: throw YAMLProblem("the YAML is not well-formed", event.mark)
        }
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func elements(_ depth: Int) throws(YAMLProblem) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try next()
            if case .end = event.kind { return elements }
            elements.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func members(_ depth: Int) throws(YAMLProblem) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var marks: [String: YAMLNode.Mark] = [:]
        var repeated: [String] = []
        var places: (first: YAMLNode.Mark, again: YAMLNode.Mark)?
        var isRepeated: Set<String> = []
        while true {
            let event = try next()
            if case .end = event.kind { break }
            guard case .scalar(let key, _) = try node(event, depth: depth + 1) else {
                throw YAMLProblem("a key must be a text", event.mark)
            }
            if let first = marks[key.text] {
                places = places ?? (first, event.mark)
                if isRepeated.insert(key.text).inserted { repeated.append(key.text) }
            } else {
                marks[key.text] = event.mark
            }
            members.append((key, try node(next(), depth: depth + 1)))
        }
        if let places { throw YAMLProblem(repeated: repeated, places) }
        return members
    }
}
