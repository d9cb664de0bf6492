// SPDX-License-Identifier: Apache-2.0

import CYAML

/// One thing that a text of YAML says.
struct YAMLEvent {
    enum Kind {
        case scalar(YAMLNode.Scalar)
        case alias(String)
        case sequence
        case mapping
        /// Of a sequence or mapping.
        case end
        case document
        case endOfStream
        /// What no tree is made of.
        case other
    }

    let kind: Kind
    let mark: YAMLNode.Mark
    /// The name by which aliases mean what begins here.
    let anchor: String?

    /// - Parameter event: of libyaml, which keeps what it points at.
    init(_ event: borrowing yaml_event_t) {
        mark = unsafe YAMLNode.Mark(event.start_mark)
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let isText = unsafe Self.text(scalar.tag) == "tag:yaml.org,2002:str"
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            kind = .scalar(
                YAMLNode.Scalar(text: text, isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE && !isText))
            anchor = unsafe Self.text(scalar.anchor)
        case YAML_ALIAS_EVENT:
            (kind, anchor) = unsafe (.alias(Self.text(event.data.alias.anchor) ?? ""), nil)
        case YAML_SEQUENCE_START_EVENT: (kind, anchor) = unsafe (.sequence, Self.text(event.data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT: (kind, anchor) = unsafe (.mapping, Self.text(event.data.mapping_start.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: (kind, anchor) = (.end, nil)
        case YAML_DOCUMENT_START_EVENT: (kind, anchor) = (.document, nil)
        case YAML_STREAM_END_EVENT: (kind, anchor) = (.endOfStream, nil)
        default: (kind, anchor) = (.other, nil)
        }
    }

    private static func text(_ pointer: UnsafePointer<UInt8>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}

extension YAMLNode.Mark {
    /// - Parameter mark: of libyaml, which counts from 0.
    init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}
