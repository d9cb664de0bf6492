// SPDX-License-Identifier: Apache-2.0

import FerruleResolution
import FerruleCluster
import FerruleKubernetes
import FerruleTestSupport
import Foundation
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

    private func source(_ paths: String..., isStrict: Bool = false, log: RecordedLog = RecordedLog()) -> FileSource {
        var options = FileSource.Options(paths)
        (options.resolution.refusesGaps, options.isStrict) = (true, isStrict)
        return FileSource(options, log.logger)
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

    @Test("what is wrong is said once, and again when the input has become another")
    func said() throws {
        try withFolder { folder in
            let (file, log) = (folder.appending(path: "a.yaml"), RecordedLog())
            var source = source(folder.path, log: log)
            let odd = service("one", "10.96.0.1").replacing("port: 80", with: "port: 80, odd: 1")
            func lines(_ text: String) throws -> Int {
                try text.write(to: file, atomically: true, encoding: .utf8)
                _ = source.read()
                return log.text.split(separator: "\n").count
            }
            let wrong = odd + service("two", "bad")
            let counts = try [odd, odd, odd, wrong, wrong, odd].map(lines)
            #expect(counts == [1, 1, 1, 3, 3, 5], "\(log.text)")
        }
    }

    @Test("why a port has no endpoints is said of the edit by which it has none, with the line")
    func portWithoutEndpoints() throws {
        try withFolder { folder in
            let (file, log) = (folder.appending(path: "a.yaml"), RecordedLog())
            var source = source(folder.path, log: log)
            let web = service("one", "10.96.0.1").replacing("port: 80", with: "name: http, port: 80")
            func warnings(_ name: String) throws -> Int {
                let slice = """
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: one-a, labels: {kubernetes.io/service-name: one}}
                    addressType: IPv4
                    endpoints: [{addresses: [10.244.0.1]}]
                    ports: [{name: \(name), port: 8080}]

                    """
                try (web + slice).write(to: file, atomically: true, encoding: .utf8)
                _ = source.read()
                return log.text.ranges(of: "the port has no endpoints").count
            }
            let counts = try ["http", "htp", "htp", "http", "htp"].map(warnings)
            #expect(counts == [0, 1, 1, 1, 2], "\(log.text)")
            let line = log.text.split(separator: "\n").first { $0.contains("the port has no endpoints") }
            #expect(line?.hasPrefix("warning") == true && line?.contains("a.yaml:4:") == true, "\(log.text)")
        }
    }

    @Test("errors come in the order of the lines, those of the definitions alone")
    func ordered() throws {
        try withFolder { folder in
            let log = RecordedLog()
            var source = source(folder.path, log: log)
            try """
            apiVersion: v1
            kind: Service
            metadata: {name: one, labels: {"a b": c}}
            spec: {clusterIP: bad, selector: {app: one}, ports: [{port: x}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: Two}
            spec: {ports: [{port: 0}]}
            """.write(to: folder.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
            #expect(source.read() == nil)
            let lines = log.text.split(separator: "\n").compactMap { line in
                line.firstMatch(of: /a.yaml:(\d+):/).flatMap { Int($0.1) }
            }
            #expect(lines == [3, 4, 4, 8, 9], "\(log.text)")
            #expect(!log.text.contains("no endpoints"))
        }
    }

    @Test("more than a quota allows is a warning, and by `--strict` an error")
    func quotas() throws {
        try withFolder { folder in
            let quota = """
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: q}
                spec: {hard: {services: "1"}}
                """
            try (service("one", "10.96.0.1") + service("two", "10.96.0.2") + quota).write(
                to: folder.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
            for (isStrict, level) in [(false, "warning"), (true, "error")] {
                let log = RecordedLog()
                var source = source(folder.path, isStrict: isStrict, log: log)
                #expect((source.read() == nil) == isStrict)
                let line = log.text.split(separator: "\n").first { $0.contains("ResourceQuota default/q is limited") }
                #expect(line?.hasPrefix(level) == true, "\(log.text)")
            }
        }
    }

    @Test("files that are passed over are named, and one that was read is none of them")
    func passedOver() throws {
        try withFolder { folder in
            let (one, two, log) = (folder.appending(path: "a.yaml"), folder.appending(path: "b.yaml"), RecordedLog())
            let template = service("{{ .Values.name }}", "10.96.0.2")
            var source = source(folder.path, log: log)
            try service("one", "10.96.0.1").write(to: one, atomically: true, encoding: .utf8)
            try template.write(to: two, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+one"])
            #expect(log.text.contains("passed over: 1 template (\(two.path)); `helm template"), "\(log.text)")
            try service("two", "10.96.0.2").write(to: two, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+two"])
            try template.write(to: two, atomically: true, encoding: .utf8)
            #expect(source.read() == nil)
            #expect(log.text.contains("b.yaml: this file has become a template"), "\(log.text)")
            try FileManager.default.removeItem(at: two)
            #expect(words(source.read()) == ["-two"])
        }
    }

    @Test(
        "a file that was read and holds no object any more is refused until it holds one again or is removed",
        arguments: [
            "", "# later\n", "apiVersio: v1\nkind: Service\nmetadata: {name: two}\nspc: {ports: [{port: 80}]}\n",
        ])
    func emptied(text: String) throws {
        try withFolder { folder in
            let (one, two, log) = (folder.appending(path: "a.yaml"), folder.appending(path: "b.yaml"), RecordedLog())
            var source = source(folder.path, log: log)
            try service("one", "10.96.0.1").write(to: one, atomically: true, encoding: .utf8)
            try text.write(to: two, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+one"])
            try service("two", "10.96.0.2").write(to: two, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+two"])
            try text.write(to: two, atomically: true, encoding: .utf8)
            #expect(source.read() == nil)
            #expect(log.text.contains("b.yaml: this file holds no Kubernetes object any more"), "\(log.text)")
            try service("two", "10.96.0.3").write(to: two, atomically: true, encoding: .utf8)
            #expect(words(source.read()) == ["+two"])
            try text.write(to: two, atomically: true, encoding: .utf8)
            #expect(source.read() == nil)
            try FileManager.default.removeItem(at: two)
            #expect(words(source.read()) == ["-two"])
        }
    }

    @Test("an input that cannot be used is read again after a while, for what is wrong is to be said again")
    func nextReading() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a.yaml")
            var source = source(folder.path)
            for (address, isRefused) in [("10.96.0.1", false), ("bad", true), ("10.96.0.1", false)] {
                try service("one", address).write(to: file, atomically: true, encoding: .utf8)
                _ = source.read()
                #expect((source.nextReading != nil) == isRefused)
            }
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
            try "x".write(toFile: other.appending(path: "a.yaml").path, atomically: false, encoding: .utf8)
            written.wait()

            let removed = FileWatch([path])
            try FileManager.default.removeItem(atPath: path)
            removed.wait()

            let missing = FileWatch([path])
            try "x".write(toFile: path, atomically: true, encoding: .utf8)
            missing.wait()
        }
    }

    @Test("a watch sees what a link in a folder leads to, and links on the way to a folder", .timeLimit(.minutes(1)))
    func links() throws {
        try withFolder { root in
            for name in ["1/m", "2/m", "other", "real"] {
                try FileManager.default.createDirectory(
                    at: root.appending(path: name), withIntermediateDirectories: true)
            }
            func link(_ name: String, _ target: String) throws {
                try FileManager.default.createSymbolicLink(
                    atPath: root.appending(path: name).path, withDestinationPath: target)
            }
            let real = root.appending(path: "real/web.yaml")
            try service("one", "10.96.0.1").write(to: real, atomically: true, encoding: .utf8)
            try link("other/web.yaml", "../real/web.yaml")
            let behind = FileWatch([root.appending(path: "other").path])
            try service("two", "10.96.0.1").write(to: real, atomically: false, encoding: .utf8)
            behind.wait()

            // As git-sync puts a release in the place of another.
            try link("current", "1")
            let swap = FileWatch([root.appending(path: "current/m/web.yaml").path])
            try link("next", "2")
            let status = unsafe rename(root.appending(path: "next").path, root.appending(path: "current").path)
            #expect(status == 0)
            swap.wait()
        }
    }

    @Test(
        "a watch sees that a folder above is put in the place of another, and nothing else that happens beside it",
        arguments: ["current/m/n", "current/m/n/a.yaml"])
    func foldersAbove(path: String) throws {
        try withFolder { root in
            for name in ["current", "next"] {
                let folder = root.appending(path: "\(name)/m/n")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try service("one", "10.96.0.1").write(
                    to: folder.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
            }
            let watch = FileWatch([root.appending(path: path).path])
            try "x".write(to: root.appending(path: "b.yaml"), atomically: true, encoding: .utf8)
            let start = ContinuousClock.now
            watch.wait(until: start + .milliseconds(200))
            #expect(.now - start >= .milliseconds(200))
            for (name, other) in [("current", "old"), ("next", "current")] {
                try FileManager.default.moveItem(at: root.appending(path: name), to: root.appending(path: other))
            }
            watch.wait(until: start + .seconds(60))
            #expect(.now - start < .seconds(50))
        }
    }

    @Test("a watch sees that a file may be read from now on", .timeLimit(.minutes(1)))
    func readable() throws {
        try withFolder { folder in
            let path = folder.appending(path: "a.yaml").path
            try "x".write(toFile: path, atomically: false, encoding: .utf8)
            let watch = FileWatch([folder.path])
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            watch.wait()
        }
    }

    @Test("where not all can be watched, one looks again after a while, and not for files that hold no definitions")
    func unwatched() throws {
        try withFolder { folder in
            let other = folder.appending(path: "other")
            try FileManager.default.createDirectory(at: other, withIntermediateDirectories: false)
            let places = WatchedPlaces([folder.path])
            try FileManager.default.removeItem(at: other)
            let watch = FileWatch(places, interval: .milliseconds(300))
            try "x".write(to: folder.appending(path: "a.log"), atomically: true, encoding: .utf8)
            let start = ContinuousClock.now
            watch.wait()
            #expect(.now - start >= .milliseconds(250))
            let all = FileWatch(places, interval: .seconds(60))
            try "x".write(to: folder.appending(path: "a.yaml"), atomically: true, encoding: .utf8)
            all.wait()
            #expect(.now - start < .seconds(30))
        }
    }
}
