// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Gathers what validation finds wrong with one object.
struct ObjectReport {
    let kind: ObjectKind
    let meta: ObjectMeta
    private var found = DiagnosticList()

    var diagnostics: [Diagnostic] { found.diagnostics }

    init(_ kind: ObjectKind, _ meta: ObjectMeta) { (self.kind, self.meta) = (kind, meta) }

    /// The object as people call it: `Service shop/web`.
    var object: String { "\(kind.rawValue) \(meta.displayName)" }

    /// Reports something that no API server of today would accept. Where one has accepted it all the same, since its rules
    /// were others once, it is a warning, and the rest is served.
    mutating func error(_ field: FieldPath, _ message: String, hint: String? = nil) {
        add(meta.isStored ? .warning : .error, field, message, hint)
    }

    /// Reports that an object contradicts another, which is wrong whoever has written them.
    mutating func contradiction(_ field: FieldPath, _ message: String, hint: String? = nil) {
        add(.error, field, message, hint)
    }

    /// Reports something that a cluster may hold, but that is hardly meant.
    mutating func warn(_ field: FieldPath, _ message: String, hint: String? = nil) {
        add(.warning, field, message, hint)
    }

    /// Whether a field has been decoded, or is absent.
    func isReadable(_ field: FieldPath) -> Bool {
        meta.unreadableFields.isEmpty
            || !field.steps.indices.contains { meta.unreadableFields.contains(FieldPath(Array(field.steps[...$0]))) }
    }

    private mutating func add(_ severity: Diagnostic.Severity, _ field: FieldPath, _ message: String, _ hint: String?) {
        guard isReadable(field) else { return }
        found.append(
            Diagnostic(severity, message, object: object, field: field, origin: meta.origin, hint: hint))
    }
}

extension ObjectReport {
    /// Checks a field that has a few possible values; an absent one has a default.
    mutating func checkChoice(_ value: String?, of choices: [String], at field: @autoclosure () -> FieldPath) {
        guard let value, !choices.contains(value) else { return }
        error(field(), "\(quoted(value)) is not one of \(choices.joined(separator: ", "))")
    }

    /// Checks a field that names an object or a host; it may be absent.
    mutating func checkName(_ value: String?, _ form: NameForm, at field: @autoclosure () -> FieldPath) {
        guard let value, !form.matches(value) else { return }
        error(field(), "\(quoted(value)) is not a valid name: \(form.rule)")
    }

    /// Checks a port number (`IsValidPortNum` in `k8s.io/apimachinery/pkg/util/validation`); nil is reported as missing.
    mutating func checkPort(_ port: Int?, at field: @autoclosure () -> FieldPath) {
        guard let port else { return error(field(), "missing; a port is a number of 1-65535") }
        if !(1...65535).contains(port) { error(field(), "\(port) is not a port number of 1-65535") }
    }

    /// Checks a transport protocol; TCP is meant where it is absent.
    mutating func checkProtocol(_ value: String?, at field: @autoclosure () -> FieldPath) {
        checkChoice(value, of: ["TCP", "UDP", "SCTP"], at: field())
    }

    /// Checks a field that holds a qualified name (`IsQualifiedName` in `k8s.io/apimachinery/pkg/util/validation`).
    mutating func checkQualifiedName(_ value: String?, at field: @autoclosure () -> FieldPath) {
        checkName(value, .labelKey, at: field())
    }

    /// Checks `metadata`: the name, the namespace, the labels and the keys of the annotations (`ValidateObjectMeta` in
    /// `k8s.io/apimachinery/pkg/api/validation`).
    ///
    /// - Parameter isNameNeeded: whether something else goes by the name, so that the API server must not choose it.
    mutating func checkMeta(_ form: NameForm, isNameNeeded: Bool = false) {
        let metadata = FieldPath("metadata")
        if meta.name.isEmpty {
            if meta.generateName == nil {
                error(metadata["name"], "missing; every object has a name")
            } else if isNameNeeded {
                error(metadata["name"], "missing; the name that the API server would choose is not known")
            }
        } else {
            checkName(meta.name, form, at: metadata["name"])
        }
        if let beginning = meta.generateName, !form.matches(beginning: beginning) {
            error(metadata["generateName"], "\(quoted(beginning)) does not begin a valid name: \(form.rule)")
        }
        if !meta.namespace.isEmpty, !NameForm.label.matches(meta.namespace) {
            error(metadata["namespace"], "\(quoted(meta.namespace)) is not a valid namespace: \(NameForm.label.rule)")
        }
        checkLabels(meta.labels, at: metadata["labels"])
        // `ValidateAnnotations`, to which upper and lower case are one.
        for key in meta.newAnnotations where !NameForm.labelKey.matches(key.lowercased()) {
            reportKey(key, at: metadata["annotations"])
        }
    }

    /// Reports a key that is no qualified name.
    private mutating func reportKey(_ key: String, at field: @autoclosure () -> FieldPath) {
        error(field()[key], "\(quoted(key)) is not a valid key: \(NameForm.labelKey.rule)")
    }

    /// Checks labels, or a selector that matches them (`ValidateLabels` in
    /// `k8s.io/apimachinery/pkg/apis/meta/v1/validation`).
    mutating func checkLabels(_ labels: Labels, at field: @autoclosure () -> FieldPath) {
        for (key, _) in labels where !NameForm.labelKey.matches(key) { reportKey(key, at: field()) }
        for (key, value) in labels where !value.isEmpty && !NameForm.labelValue.matches(value) {
            error(field()[key], "\(quoted(value)) is not a valid label value: \(NameForm.labelValue.rule)")
        }
    }
}
