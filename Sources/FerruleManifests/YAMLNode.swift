// SPDX-License-Identifier: Apache-2.0

/// A part of a document of YAML as a tree, with what its aliases name in their places.
enum YAMLNode {
    /// Where something starts: lines from 1 of the document, columns from 1 in Unicode scalars.
    struct Mark {
        let line: Int
        let column: Int
    }

    struct Scalar {
        let text: String
        /// Whether it may be something else than its text: it stands without quotes and is not tagged as a string.
        let isPlain: Bool
    }

    /// A key of a mapping with its value.
    struct Member {
        /// As JSON has it: `yes` is `true` there.
        let key: String
        /// Whether the key is a plain `<<`, whose value is merged into the mapping (YAML 1.1).
        let isMerge: Bool
        let value: YAMLNode

        init(_ key: Scalar, _ value: YAMLNode) {
            (self.key, self.value) = (ScalarValue(key).text, value)
            isMerge = key.isPlain && key.text == "<<"
        }
    }

    case scalar(Scalar, Mark)
    case sequence([YAMLNode], Mark)
    case mapping([Member], Mark)

    /// Where it starts; of what an alias stands for, where that starts.
    var mark: Mark {
        switch self {
        case .scalar(_, let mark), .sequence(_, let mark), .mapping(_, let mark): mark
        }
    }
}
