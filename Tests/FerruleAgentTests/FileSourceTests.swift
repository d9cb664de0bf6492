// SPDX-License-Identifier: Apache-2.0

import FerruleResolution
import FerruleCluster
import FerruleKubernetes
import FerruleTestSupport
import Foundation
import Logging
import Testing

@testable import FerruleAgent

@Suite struct FileSourceTests {
    private func service(_ name: String, _ address: String) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name)}
        spec: {clusterIP: \(address), ports: [{port: 80}]}
        ---

        """
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.url)
    }

    private func source(_ paths: String...) -> FileSource {
        var options = FileSource.Options(paths)
        options.resolution.refusesGaps = true
        return FileSource(options, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func words(_ changes: [ClusterChange]?) -> [String]? {
        changes?.map { change in
            switch change {
            case .put(let object): "+\(object.meta.name)"
            case .delete(_, let key): "-\(key.name)"
            }
        }.sorted()
    }

    @Test("only what is different becomes a change")
    func differences() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a.yaml")
            var source = source(folder.path)
            try (service("one", "10.96.0.1") + service("two", "10.96.0.2")).write(
                to: file, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+one", "+two"])
            #expect(words(source.read()) == [])
            try (service("one", "10.96.0.1") + service("three", "10.96.0.2"))
                .write(to: file, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+three", "-two"])
        }
    }

    @Test(
        "an input that cannot be used changes nothing, and what differs comes once it can",
        arguments: [
            "apiVersion: v1\nkind: Service\nmetadata: [", "", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n",
        ])
    func unusable(text: String) throws {
        try withFolder { folder in
            let file = folder.appending(path: "a.yaml")
            var source = source(folder.path)
            try service("one", "10.96.0.1").write(to: file, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+one"])
            try text.write(to: file, atomically: true, encoding: .utf8)
            #expect(source.read() == nil)
            try FileManager.default.removeItem(at: file)
            #expect(source.read() == nil)
            try service("two", "10.96.0.1").write(to: file, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+two", "-one"])
        }
    }

    @Test(
        "a watch sees files that are written, renamed, removed and linked, also by way of a link of a link",
        .timeLimit(.minutes(1)))
    func watch() throws {
        try withFolder { folder in
            let (data, other) = (folder.appending(path: "..1"), folder.appending(path: "..2"))
            for version in [data, other] {
                try FileManager.default.createDirectory(at: version, withIntermediateDirectories: false)
                try service("one", "10.96.0.1").write(
                    to: version.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
            }
            // As the kubelet mounts a ConfigMap: a.yaml -> ..data/a.yaml, ..data -> ..1
            let link = folder.appending(path: "..data")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "..1")
            let path = folder.appending(path: "a.yaml").path
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "..data/a.yaml")

            let swap = FileWatch([path])
            let new = folder.appending(path: "..data_tmp").path
            try FileManager.default.createSymbolicLink(atPath: new, withDestinationPath: "..2")
            let status = unsafe rename(new, link.path)
            #expect(status == 0)
            swap.wait()

            let written = FileWatch([folder.path])
            try "x".write(toFile: other.appending(path: "b.yaml").path, atomically: false, encoding: .utf8)
            written.wait()

            let removed = FileWatch([path])
            try FileManager.default.removeItem(atPath: path)
            removed.wait()

            let missing = FileWatch([path])
            try "x".write(toFile: path, atomically: true, encoding: .utf8)
            missing.wait()
        }
    }

    @Test("where not all can be watched, one looks again after a while", .timeLimit(.minutes(1)))
    func unwatched() throws {
        try withFolder { folder in
            let watch = FileWatch([folder.path, folder.path + "/missing"] as Set, interval: 20)
            // Nothing happens, and it returns.
            watch.wait()
            let all = FileWatch([folder.path] as Set, interval: 20)
            try "x".write(to: folder.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
            all.wait()
        }
    }
}
