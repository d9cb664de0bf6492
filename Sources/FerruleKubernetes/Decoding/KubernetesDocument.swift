// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Synchronization

/// A document: one object or a list of objects. Decoding it adds its objects to the ``DecodingSession`` that the decoder's
/// `userInfo` names; nothing of it is kept here.
package struct KubernetesDocument: Decodable {
    /// How many lists may stand in one another: those who look into each of many would never end.
    package static let listDepthLimit = 10

    package init(from decoder: any Decoder) throws {
        guard let session = DecodingSession.of(decoder) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "a DecodingSession is needed"))
        }
        ObjectReader(session: session).read(decoder, at: FieldPath(), as: nil)
    }
}

/// `metadata` of a list (`ListMeta`), as far as it says whether the list is whole.
private struct ListMeta: Decodable {
    let isPage: Bool
    let remainingItemCount: Int?

    private enum Keys: String, CodingKey { case token = "continue", remainingItemCount }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        isPage = (try? container.decodeIfPresent(String.self, forKey: .token)).map { $0?.isEmpty == false } ?? false
        remainingItemCount = try? container.decodeIfPresent(Int.self, forKey: .remainingItemCount)
    }
}

/// Decodes an object by its kind.
private struct ObjectReader {
    let session: DecodingSession

    private enum Keys: String, CodingKey {
        case apiVersion, kind, items, metadata, data, stringData
        case patch = "$patch"
    }

    /// Decodes one object or list at a path of the document; items of a typed list may take their type from the list.
    func read(_ decoder: any Decoder, at path: FieldPath, as listed: ObjectType?) {
        guard let fields = try? Fields<Keys>(decoder) else {
            let found = try? FoundValue(from: decoder)
            if found?.text == "null", path.steps.isEmpty { return }
            return diagnose("\(found?.text ?? "this") is not a Kubernetes object", at: path)
        }
        let kind = fields.value(.kind, as: String.self) ?? listed?.kind
        let apiVersion = fields.value(.apiVersion, as: String.self) ?? listed?.apiVersion
        let problems = session.takeProblems(below: decoder.codingPath.count)
        guard problems.isEmpty else {
            session.noteObject()
            concealIfSecret(fields, kind, at: path)
            return diagnose(problems, object: name(of: kind, fields), at: path)
        }
        guard let kind, let apiVersion else {
            // Files of other programs may say a version or a kind, but then they have no metadata.
            if fields.contains(.metadata) { session.noteObject() }
            concealIfSecret(fields, kind, at: path)
            let missing = kind == nil ? (apiVersion == nil ? "apiVersion and kind are" : "kind is") : "apiVersion is"
            return diagnose(
                "\(missing) missing: this is not a Kubernetes object", object: name(of: kind, fields), at: path,
                hint: fields.misspelling(of: (kind == nil ? ["kind"] : []) + (apiVersion == nil ? ["apiVersion"] : [])))
        }
        let type = ObjectType(apiVersion: apiVersion, kind: kind)
        // A patch says what kustomize shall do with an object of this name.
        if fields.contains(.patch) {
            concealIfSecret(fields, kind, at: path)
            return countSkipped("patch of a \(kind)")
        }
        if !type.isOfTools { session.noteObject() }
        // Statements about the traffic may stand beside what they are about; another command reads them.
        if type == .trafficTest { return }
        if kind.hasSuffix("List"), let container = try? decoder.container(keyedBy: Keys.self),
            kind == "List" || container.contains(.items)
        {
            readItems(of: container, at: path, type: type)
        } else {
            readObject(decoder, type: type, at: path)
        }
    }

    /// What to call an object that cannot be used.
    private func name(of kind: String?, _ fields: Fields<Keys>) -> String? {
        let name = fields.value(.metadata, as: ObjectMeta.self)?.displayName
        _ = session.takeProblems(below: 0)
        return kind.map { kind in name.map { "\(kind) \($0)" } ?? kind }
    }

    /// Has no line shown of an object that may be a Secret, whatever is misspelt: by its kind, or by its fields.
    private func concealIfSecret(_ fields: Fields<Keys>, _ kind: String?, at path: FieldPath) {
        let isCalledSo = kind.flatMap { LetterDistance.between($0, ObjectKind.secret.rawValue) } != nil
        guard isCalledSo || fields.contains(.data) || fields.contains(.stringData) else { return }
        session.conceal(origin(at: path))
    }

    private func readItems(of container: KeyedDecodingContainer<Keys>, at path: FieldPath, type: ObjectType) {
        guard path.steps.count < 2 * KubernetesDocument.listDepthLimit else {
            return diagnose(
                "more than \(KubernetesDocument.listDepthLimit) lists stand in one another here", object: type.kind,
                at: path)
        }
        checkWhole(container, at: path, type)
        guard container.contains(.items), (try? container.decodeNil(forKey: .items)) != true else { return }
        guard var items = try? container.nestedUnkeyedContainer(forKey: .items) else {
            let found = try? container.decode(FoundValue.self, forKey: .items)
            return diagnose(
                "\(found?.text ?? "this") is not a list", object: type.kind, at: path, field: FieldPath("items"))
        }
        let isRoot = path.steps.isEmpty
        let firstItem = isRoot ? session.state.withLock { $0.firstItem } : 0
        defer { if isRoot { session.state.withLock { $0.itemCount = items.currentIndex } } }
        while !items.isAtEnd {
            let itemPath = path["items"][firstItem + items.currentIndex]
            guard let item = try? items.superDecoder() else {
                return diagnose("the value is not valid JSON", at: itemPath)
            }
            read(item, at: itemPath, as: type.itemType)
        }
    }

    /// Refuses a list that is one page of several: what the others hold would count as not there.
    private func checkWhole(_ container: KeyedDecodingContainer<Keys>, at path: FieldPath, _ type: ObjectType) {
        guard let meta = try? container.decodeIfPresent(ListMeta.self, forKey: .metadata), meta.isPage,
            !path.steps.isEmpty || session.state.withLock({ $0.firstItem }) == 0
        else { return }
        let rest = meta.remainingItemCount.map { ", and \($0) more objects follow it" } ?? ""
        diagnose(
            "this list is one page of several\(rest)", object: type.kind, at: path,
            field: FieldPath("metadata", "continue"), hint: "ask for the whole list: `kubectl get` reads all pages")
    }

    private func readObject(_ decoder: any Decoder, type: ObjectType, at path: FieldPath) {
        guard let kind = session.kind(of: type) else { return skip(decoder, type, at: path) }
        switch kind {
        case .service: add(Service.self, \.services, \.meta, decoder, kind, path)
        case .endpoints: add(Endpoints.self, \.endpoints, \.meta, decoder, kind, path)
        case .pod: add(Pod.self, \.pods, \.meta, decoder, kind, path)
        case .node: add(Node.self, \.nodes, \.meta, decoder, kind, path)
        case .namespace: add(Namespace.self, \.namespaces, \.meta, decoder, kind, path)
        case .endpointSlice: add(EndpointSlice.self, \.endpointSlices, \.meta, decoder, kind, path)
        case .serviceCIDR: add(ServiceCIDR.self, \.serviceCIDRs, \.meta, decoder, kind, path)
        case .replicationController, .replicaSet, .deployment, .statefulSet, .daemonSet:
            add(Workload.self, \.workloads, \.meta, decoder, kind, path) { decoder in
                var workload = try Workload(from: decoder)
                if let kind = Workload.Kind(rawValue: kind.rawValue) { workload.kind = kind }
                return workload
            }
        case .resourceQuota: add(ResourceQuota.self, \.resourceQuotas, \.meta, decoder, kind, path)
        case .ingress:
            add(Ingress.self, \.ingresses, \.meta, decoder, kind, path) { decoder in
                try kind.apiVersions[0] == type.apiVersion
                    ? Ingress(from: decoder) : BetaIngress(from: decoder).ingress
            }
        case .ingressClass: add(IngressClass.self, \.ingressClasses, \.meta, decoder, kind, path)
        case .secret:
            session.conceal(origin(at: path))
            add(Secret.self, \.secrets, \.meta, decoder, kind, path)
        case .kubeProxyConfiguration: addProxyConfiguration(decoder, path)
        }
    }

    private func addProxyConfiguration(_ decoder: any Decoder, _ path: FieldPath) {
        guard var configuration = try? KubeProxyConfiguration(from: decoder) else { return }
        configuration.origin = origin(at: path)
        let problems = session.takeProblems(below: decoder.codingPath.count)
        if !problems.isEmpty { diagnose(problems, object: "KubeProxyConfiguration", at: path) }
        let found = configuration
        session.state.withLock { $0.result.objects.proxyConfigurations.append(found) }
    }

    private func add<Object: Decodable & Sendable>(
        _: Object.Type, _ list: WritableKeyPath<ClusterObjects, [Object]>, _ meta: WritableKeyPath<Object, ObjectMeta>,
        _ decoder: any Decoder, _ kind: ObjectKind, _ path: FieldPath,
        decode: (any Decoder) throws -> Object = { try Object(from: $0) }
    ) {
        // It is an object, or its kind could not have been read.
        guard var object = try? decode(decoder) else { return }
        let problems = session.takeProblems(below: decoder.codingPath.count)
        object[keyPath: meta].unreadableFields = Set(problems.lazy.map { Self.unreadablePart(of: $0.field) })
        object[keyPath: meta].complete(isNamespaced: kind.isNamespaced, default: session.namespace)
        object[keyPath: meta].origin = origin(at: path)
        if !problems.isEmpty {
            diagnose(problems, object: kind.rawValue + " " + object[keyPath: meta].displayName, at: path)
        }
        session.state.withLock { $0.result.objects[keyPath: list].append(object) }
    }

    /// The part of an object that cannot be judged once the value at a path is left out: a list that lacks an element counts
    /// its elements differently.
    private static func unreadablePart(of path: FieldPath) -> FieldPath {
        guard case .index = path.steps.last else { return path }
        return FieldPath(path.steps.dropLast())
    }

    /// Counts an object that is not used, and says so if its kind is not known. A kind that is known from another API is
    /// named with its own.
    private func skip(_ decoder: any Decoder, _ type: ObjectType, at path: FieldPath) {
        let unknown = session.unknownKind(type)
        if unknown != nil || type.kind == ObjectKind.secret.rawValue, let fields = try? Fields<Keys>(decoder) {
            concealIfSecret(fields, type.kind, at: path)
        }
        if let unknown {
            var meta = (try? Fields<Keys>(decoder))?.value(.metadata, as: ObjectMeta.self)
            if let kind = ObjectKind(rawValue: type.kind) {
                meta?.complete(isNamespaced: kind.isNamespaced, default: session.namespace)
            }
            _ = session.takeProblems(below: 0)
            session.add([
                unknown.unknownName(
                    in: meta.map { "\(type.kind) \($0.displayName)" } ?? type.kind, origin: origin(at: path),
                    isStored: meta?.isStored == true)
            ])
        }
        let isOfOtherVersion = ObjectKind(rawValue: type.kind) != nil && ObjectKind(type) == nil
        let name = isOfOtherVersion ? "\(type.kind) (\(type.apiVersion))" : type.kind
        countSkipped(name)
    }

    private func countSkipped(_ kind: String) {
        session.state.withLock { $0.result.skippedKinds[kind, default: 0] += 1 }
    }

    private func origin(at path: FieldPath) -> Origin {
        let document = session.state.withLock { $0.origin }
        return Origin(file: document.file, document: document.document, path: path)
    }

    private func diagnose(_ problems: [Diagnostic], object: String?, at path: FieldPath) {
        for problem in problems {
            var found = problem
            (found.object, found.origin) = (object, origin(at: path))
            session.report(found)
        }
    }

    private func diagnose(
        _ message: String, object: String? = nil, at path: FieldPath, field: FieldPath = FieldPath(),
        hint: String? = nil
    ) {
        let diagnostic = Diagnostic(.error, message, object: object, field: field, origin: origin(at: path), hint: hint)
        session.report(diagnostic)
    }
}
