// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleKubernetes

/// Which class Ingresses are of, and which of them are wanted.
struct ClassSelection {
    private let known: Set<String>
    private let knownInOrder: [String]
    /// The class of Ingresses that name none; nil where there is no such class.
    private let byDefault: String?
    private let wanted: String?
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter wanted: the class to select; nil for all Ingresses.
    init(_ classes: [IngressClass], wanted: String?) {
        (known, self.wanted) = (Set(classes.map(\.meta.name)), wanted)
        knownInOrder = known.sorted()
        // Of several the newest, as `getDefaultClass` in `plugin/pkg/admission/network/defaultingressclass` has it.
        let defaults = classes.filter(\.isDefault).sorted { left, right in
            let (here, there) = (left.creationTimestamp ?? newest, right.creationTimestamp ?? newest)
            return here == there ? left.meta.name < right.meta.name : here > there
        }
        byDefault = defaults.first?.meta.name
        diagnostics = defaults.dropFirst().map { other in
            Diagnostic(
                .warning, "is a default beside IngressClass \(byDefault ?? ""), which counts",
                object: "IngressClass \(other.meta.displayName)", field: FieldPath("metadata", "annotations"),
                origin: other.meta.origin)
        }
    }

    /// Whether an Ingress is of the wanted class.
    func includes(_ ingress: Ingress) -> Bool { wanted == nil || name(of: ingress) == wanted }

    /// The class that an Ingress names, or has by default.
    func name(of ingress: Ingress) -> String? { ingress.annotatedClass ?? ingress.className ?? byDefault }

    /// Says that the class of an Ingress is none of the input's, if that has some. The annotation names no object.
    func complaint(about ingress: Ingress) -> Diagnostic? {
        guard let name = ingress.className, ingress.annotatedClass == nil, !known.isEmpty, !known.contains(name) else {
            return nil
        }
        let nearest = LetterDistance.nearest(to: name, among: knownInOrder)
        return ingress.warning(
            FieldPath("spec", "ingressClassName"),
            "no IngressClass of the input is called \(quoted(name))"
                + (nearest.map { "; did you mean \(quoted($0))?" } ?? ""))
    }
}
