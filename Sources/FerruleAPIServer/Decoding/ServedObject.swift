// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FoundationEssentials

/// An object in JSON, decoded as far as that can be.
enum ServedObject: Decodable {
    case object(StoredObject)
    case unreadable(UnreadableObject)

    private enum Keys: CodingKey { case metadata }

    init(from decoder: any Decoder) throws {
        guard let resource = decoder.userInfo[.resource] as? Resource,
            let session = decoder.userInfo[.session] as? DecodingSession
        else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no resource"))
        }
        guard let fields = try? decoder.container(keyedBy: Keys.self) else {
            self = .unreadable(UnreadableObject(resource: resource, key: nil, reason: "it is not an object"))
            return
        }
        let stored = (try? fields.decodeIfPresent(StoredMeta.self, forKey: .metadata)) ?? StoredMeta()
        let object = try Self.object(decoder, of: resource)
        if let problem = session.takeProblems(below: decoder.codingPath.count).first {
            let reason = problem.field.steps.isEmpty ? problem.message : "\(problem.field): \(problem.message)"
            let key = object.meta.name.isEmpty ? nil : ObjectKey(object.meta)
            self = .unreadable(UnreadableObject(resource: resource, key: key, reason: reason))
        } else if object.meta.name.isEmpty {
            self = .unreadable(
                UnreadableObject(resource: resource, key: nil, reason: WireError.missingName.description))
        } else {
            self = .object(
                StoredObject(
                    object: object, resourceVersion: stored.resourceVersion,
                    changeTriggerTime: stored.changeTriggerTime))
        }
    }

    private static func object(_ decoder: any Decoder, of resource: Resource) throws -> ClusterObject {
        switch resource {
        case .services:
            var object = try Service(from: decoder)
            object.meta.origin = StoredObject.origin
            return .service(object)
        case .endpointslices:
            var object = try EndpointSlice(from: decoder)
            object.meta.origin = StoredObject.origin
            return .endpointSlice(object)
        case .nodes:
            var object = try Node(from: decoder)
            object.meta.origin = StoredObject.origin
            return .node(object)
        case .servicecidrs:
            var object = try ServiceCIDR(from: decoder)
            object.meta.origin = StoredObject.origin
            return .serviceCIDR(object)
        }
    }
}

extension StoredMeta: Decodable {
    private enum Keys: CodingKey { case resourceVersion, annotations }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Keys.self)
        resourceVersion = try fields.decodeIfPresent(String.self, forKey: .resourceVersion) ?? ""
        for (key, value) in try fields.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:] {
            takeAnnotation(key, value)
        }
    }
}

extension JSONDecoder {
    /// A decoder of documents with ``ServedObject``s.
    static func ofObjects(_ resource: Resource) -> JSONDecoder {
        let decoder = JSONDecoder()
        let session = DecodingSession()
        decoder.userInfo = session.userInfo
        decoder.userInfo[.session] = session
        decoder.userInfo[.resource] = resource
        return decoder
    }
}

extension CodingUserInfoKey {
    /// The keys are not empty, which is all that the initializer asks for.
    private static func key(_ name: String) -> CodingUserInfoKey {
        guard let key = CodingUserInfoKey(rawValue: name) else { preconditionFailure("an empty key") }
        return key
    }
    fileprivate static let resource = key("ferrule.resource")
    fileprivate static let session = key("ferrule.problems")
}
