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

    typealias Member = (key: Scalar, value: YAMLNode)

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
