// SPDX-License-Identifier: Apache-2.0

/// What `kubectl` asks before it asks for objects: which groups and resources there are.
enum LabDiscovery {
    /// The document at a path, in JSON; nil where there is none.
    static func document(_ path: String) -> String? {
        let groups = Dictionary(grouping: LabResource.allCases, by: \.apiVersion)
        switch path {
        case "/version": return #"{"major":"1","minor":"36","gitVersion":"v1.36.0"}"#
        case "/api": return #"{"kind":"APIVersions","versions":["v1"]}"#
        case "/apis":
            let list = groups.keys.filter { $0.contains("/") }.sorted().map(group).joined(separator: ",")
            return #"{"kind":"APIGroupList","apiVersion":"v1","groups":[\#(list)]}"#
        default:
            guard let (version, resources) = groups.first(where: { path == prefix($0.key) + $0.key }) else {
                return nil
            }
            let list = resources.map(resource).joined(separator: ",")
            return
                #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"\#(version)","resources":[\#(list)]}"#
        }
    }

    private static func prefix(_ version: String) -> String { version.contains("/") ? "/apis/" : "/api/" }

    private static func group(_ version: String) -> String {
        let name = version.prefix { $0 != "/" }
        let named = #"{"groupVersion":"\#(version)","version":"\#(version.dropFirst(name.count + 1))"}"#
        return #"{"name":"\#(name)","versions":[\#(named)],"preferredVersion":\#(named)}"#
    }

    private static func resource(_ resource: LabResource) -> String {
        let isNamespaced = resource == .services || resource == .endpointslices
        return #"{"name":"\#(resource.rawValue)","singularName":"\#(resource.kind.lowercased())","#
            + #""namespaced":\#(isNamespaced),"kind":"\#(resource.kind)","verbs":["get","list","watch"]}"#
    }
}
