// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials

/// Reads file after file into one input.
struct InputGatherer {
    /// From this size on, a file is not read into memory as a whole if that can be helped.
    private static let largeSize = SlicedListReader.minimumSize

    private let namespace: String
    private let kinds: Set<ObjectKind>
    /// Whether there may be no objects.
    private let mayBeEmpty: Bool
    private var found = DecodedObjects()
    private var seen: Set<String> = []
    /// The files with objects.
    private var used: Set<String> = []
    private var gathered = Manifests()

    /// - Parameters:
    ///   - namespace: of objects that name none.
    ///   - kinds: those that are read.
    init(namespace: String, kinds: Set<ObjectKind>, mayBeEmpty: Bool) {
        (self.namespace, self.kinds, self.mayBeEmpty) = (namespace, kinds, mayBeEmpty)
    }

    /// What all files say.
    var manifests: Manifests {
        var manifests = gathered
        manifests.objects = found.objects
        manifests.diagnostics = found.diagnostics
        manifests.unknownNames = found.unknownNames
        manifests.sources.conceal(found.concealed)
        manifests.diagnostics += manifests.objects.removeDuplicates(hint: gathered.passedOver.hint)
        manifests.skippedKinds = found.skippedKinds.sorted { $0.key < $1.key }.map { SkippedKind(kind: $0, count: $1) }
        return manifests
    }

    /// Adds a file that a user names, unless it is there already.
    mutating func addNamed(_ file: String) throws(ManifestError) {
        guard seen.insert(file).inserted, !addLarge(file) else { return }
        addNamed(file, try FileContent.read(file))
    }

    /// Adds standard input, unless it is there already.
    mutating func addStandardInput(_ read: () throws(ManifestError) -> Data) throws(ManifestError) {
        let name = ManifestReader.standardInputName
        if seen.insert(name).inserted { addNamed(name, try read()) }
    }

    /// Adds a text that must hold objects.
    private mutating func addNamed(_ file: String, _ content: Data) {
        let text = prepared(content)
        var read = decode(text, of: file)
        if !mayBeEmpty, !read.holdsObjects, read.diagnostics.isEmpty {
            let isTool = read.skippedKinds["Kustomization"] != nil
            read.report(
                Diagnostic(
                    .error,
                    TextFormat(of: text) == .empty ? "the file is empty" : "the file holds no Kubernetes object",
                    origin: Origin(file: file), hint: isTool ? PassedOverFiles.kustomizeHint : nil))
        }
        add(read, text: .memory(text), of: file)
    }

    /// Adds a file that was found in a directory, unless it is there already or is passed over.
    mutating func addFound(_ file: String) throws(ManifestError) {
        guard seen.insert(file).inserted, !addLarge(file) else { return }
        let text = prepared(try FileContent.read(file))
        if PassedOverFiles.isForeign(text, file: file) {
            gathered.passedOver.withoutObjects.append(file)
            return
        }
        let read = decode(text, of: file)
        if PassedOverFiles.isTemplate(text, read) {
            gathered.passedOver.templates.append(file)
        } else if !read.holdsObjects, !read.isUnreadable {
            gathered.passedOver.withoutObjects.append(file)
        } else {
            add(read, text: .memory(text), of: file)
        }
    }

    /// Reports a directory of whose files none is left.
    mutating func checkDirectory(_ path: String, _ files: [String]) {
        guard !mayBeEmpty, !files.contains(where: used.contains) else { return }
        found.report(
            Diagnostic(
                .error, "no file in this directory holds a Kubernetes object", origin: Origin(file: path),
                hint: gathered.passedOver.hint))
    }

    /// Adds a large JSON List without reading its file into memory; false if it is none.
    private mutating func addLarge(_ file: String) -> Bool {
        guard let text = PartialText(file: file), text.count >= Self.largeSize,
            let read = DocumentReader(file: file, namespace: namespace, kinds: kinds).readInSlices(text)
        else { return false }
        gathered.byteCount += text.fileSize
        add(read, text: text, of: file)
        return true
    }

    private mutating func prepared(_ bytes: Data) -> Data {
        gathered.byteCount += bytes.count
        return TextFormat.withoutByteOrderMarks(bytes)
    }

    private func decode(_ text: Data, of file: String) -> DecodedObjects {
        let reader = DocumentReader(file: file, namespace: namespace, kinds: kinds)
        if text.count >= Self.largeSize, let read = reader.readInSlices(.memory(text)) { return read }
        return reader.read(text)
    }

    private mutating func add(_ read: DecodedObjects, text: PartialText, of file: String) {
        used.insert(file)
        gathered.sources.add(text, as: file)
        found.append(read)
    }
}
