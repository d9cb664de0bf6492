// SPDX-License-Identifier: Apache-2.0

/// Where an object came from: which file, which document in it (from 0), and where in that document, as for the items
/// of a Kubernetes `List`.
package struct Origin: Sendable, Hashable {
    package let file: String
    package let document: Int
    package let path: FieldPath

    package init(file: String, document: Int = 0, path: FieldPath = FieldPath()) {
        (self.file, self.document, self.path) = (file, document, path)
    }
}

/// A place in a text file; lines and columns count from 1, columns in Unicode scalars.
package struct SourceLocation: Sendable, Hashable {
    package let line: Int
    package let column: Int
    /// The text of the line, for quoting; of a long line only the part around the column.
    package let text: String
    /// The column that ``text`` starts at; 1 unless something is left out before it.
    package let textColumn: Int
    /// Whether something of the line is left out behind ``text``.
    package let goesOn: Bool

    package init(line: Int, column: Int, text: String, textColumn: Int = 1, goesOn: Bool = false) {
        (self.line, self.column) = (line, column)
        (self.text, self.textColumn, self.goesOn) = (text, textColumn, goesOn)
    }

    /// The same place, of whose line nothing is quoted.
    package var withoutText: SourceLocation { SourceLocation(line: line, column: column, text: "") }
}

/// One thing to tell a user about an input.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable { case error, warning }

    package let severity: Severity
    /// The object's file and place, where there is one.
    package let origin: Origin?
    /// The object as people call it: `Service shop/web`.
    package let object: String?
    /// The field within the object.
    package let field: FieldPath
    /// What was found and what would be right: lower case, no final stop.
    package let message: String
    /// What the user may do about it.
    package var hint: String?
    /// The exact place where it is already known, as for a syntax error; else it is found from `origin` and `field`.
    package let location: SourceLocation?
    /// How many more of its form were found behind it and not kept, because there are too many (``DiagnosticList``).
    package var likeIt = 0

    package init(
        _ severity: Severity, _ message: String, object: String? = nil, field: FieldPath = FieldPath(),
        origin: Origin? = nil, hint: String? = nil, location: SourceLocation? = nil
    ) {
        self.severity = severity
        self.message = message
        self.object = object
        self.field = field
        self.origin = origin
        self.hint = hint
        self.location = location
    }
}
