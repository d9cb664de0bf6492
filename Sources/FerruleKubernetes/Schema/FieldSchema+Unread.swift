// SPDX-License-Identifier: Apache-2.0

/// Lists, and types of which nothing is read, as `k8s.io/api`, `k8s.io/apimachinery` and `k8s.io/component-base` have them in 1.36.
extension FieldSchema {
    /// A list of objects of any kind (`List` of meta/v1). Who decodes it reads its items.
    package static let list = FieldSchema(object: ListKeys.self, unread: [Unread("metadata", .object(listMeta))])

    private enum ListKeys: CodingKey, CaseIterable { case items }

    /// `ListMeta` (meta/v1)
    private static let listMeta = FieldSchema(unread: [
        "selfLink", "resourceVersion", "continue", "remainingItemCount", "shardInfo",
    ])

    /// `ObjectReference` (core/v1)
    static let objectReference = FieldSchema(unread: [
        "kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath",
    ])

    /// `OwnerReference` (meta/v1)
    static let ownerReference = FieldSchema(unread: [
        "apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion",
    ])

    /// `ManagedFieldsEntry` (meta/v1)
    static let managedFieldsEntry = FieldSchema(unread: [
        "manager", "operation", "apiVersion", "time", "fields", "fieldsType", "fieldsV1", "subresource",
    ])

    /// `Condition` (meta/v1)
    static let condition = FieldSchema(unread: [
        "type", "status", "observedGeneration", "lastTransitionTime", "reason", "message",
    ])

    /// `PortStatus` (core/v1)
    static let portStatus = FieldSchema(unread: ["port", "protocol", "error"])

    /// `IngressStatus` (networking/v1)
    static let ingressStatus = FieldSchema(unread: [
        Unread(
            "loadBalancer",
            .object(
                FieldSchema(unread: [
                    Unread(
                        "ingress",
                        .list(of: FieldSchema(unread: ["ip", "hostname", Unread("ports", .list(of: .portStatus))])))
                ])))
    ])

    /// `LoggingConfiguration` (component-base)
    static let logging = FieldSchema(unread: [
        "format", "flushFrequency", "verbosity",
        Unread("vmodule", .list(of: FieldSchema(unread: ["filePattern", "verbosity"]))),
        Unread(
            "options",
            .object(
                FieldSchema(unread: [Unread("text", .object(outputRouting)), Unread("json", .object(outputRouting))]))
        ),
    ])

    private static let outputRouting = FieldSchema(unread: ["splitStream", "infoBufferSize"])
}
