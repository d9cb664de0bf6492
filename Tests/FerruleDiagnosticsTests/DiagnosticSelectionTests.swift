// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Testing

/// Many problems are told in few lines, and none is forgotten.
struct DiagnosticSelectionTests {
    private func port(_ number: Int) -> Diagnostic {
        Diagnostic(
            .error, "\(70000 + number) is not a port number of 1-65535", object: "Service shop/s-\(number)",
            field: FieldPath("spec", "ports")[number]["port"])
    }

    private func label(_ number: Int) -> Diagnostic {
        Diagnostic(
            .warning, "\(quoted("a value \(number)")) is odd", object: "Pod shop/p-\(number)",
            field: FieldPath("metadata"))
    }

    private func heads(_ diagnostics: [Diagnostic]) -> [String] {
        DiagnosticPrinter().text(of: diagnostics).split(separator: "\n").map(String.init)
    }

    @Test("values, positions and names do not make a form, words and fields do")
    func forms() {
        #expect(DiagnosticForm(port(1)) == DiagnosticForm(port(2)))
        #expect(DiagnosticForm(label(1)) == DiagnosticForm(label(2)))
        #expect(DiagnosticForm(port(1)) != DiagnosticForm(label(1)))
        let message = "10.0.0.1 is also a ClusterIP of Service shop/web"
        let other = "fd00::1 is also a ClusterIP of Service x/y"
        let form = DiagnosticForm(Diagnostic(.error, message))
        #expect(form == DiagnosticForm(Diagnostic(.error, other)))
        #expect(form != DiagnosticForm(Diagnostic(.warning, other)))
        #expect(form != DiagnosticForm(Diagnostic(.error, other, field: FieldPath("spec"))))
        #expect(form != DiagnosticForm(Diagnostic(.error, other, object: "Service a/b")))
        #expect(
            DiagnosticForm(Diagnostic(.error, quoted("a\"b\\") + " is bad"))
                == DiagnosticForm(Diagnostic(.error, quoted("x y z") + " is bad")))
    }

    @Test("fifty are shown in full, and one more is counted")
    func fifty() {
        #expect(heads((0..<50).map(port)).count == 50)
        let many = heads((0..<10_000).map(port))
        #expect(many.count == 51)
        #expect(many.last == "and 9,950 like it")
        #expect(many.dropLast() == heads((0..<50).map(port))[...])
    }

    @Test("a count stands behind the last one shown of its form")
    func severalForms() {
        let lines = heads((0..<200).map { $0.isMultiple(of: 2) ? port($0) : label($0) })
        #expect(lines.count == 52)
        #expect(lines[48].hasPrefix("error: Service shop/s-48: spec.ports[48].port: 70048"))
        #expect(lines[49] == "and 75 like it")
        #expect(lines[51] == "and 75 like it")
    }

    @Test("the first of a form is shown wherever it is")
    func lateForm() {
        let lines = heads((0..<1000).map(label) + [port(1), port(2)] + (0..<1000).map(label))
        #expect(lines[50] == "and 1,950 like it")
        #expect(
            lines[51...] == [
                "error: Service shop/s-1: spec.ports[1].port: 70001 is not a port number of 1-65535", "and 1 like it",
            ])
    }

    @Test("of very many forms fifty more are shown, errors first, and the others are counted")
    func manyForms() {
        let words = (0..<26).flatMap { first in (0..<26).map { second in [first, second] } }.map { letters in
            letters.map { Character(Unicode.Scalar(UInt8(97 + $0))) }.reduce(into: "") { $0.append($1) }
        }
        let odd = words.map { Diagnostic(.warning, "\($0) is odd") }
        let lines = heads(odd + [port(1)])
        #expect(lines.count == 101)
        #expect(lines[99].contains("port number"))
        #expect(lines[100] == "and \(676 - 99) of other forms")
    }

    @Test("what is counted while it is found counts here too")
    func countedBefore() {
        var list = DiagnosticList(limit: 100)
        list.append(contentsOf: (0..<1000).map(port))
        list.append(contentsOf: (0..<1000).map(label))
        #expect(list.diagnostics.count == 101)
        #expect(list.diagnostics.total(.error) == 1000)
        #expect(list.diagnostics.total(.warning) == 1000)
        let lines = heads(list.diagnostics)
        #expect(lines.count == 53)
        #expect(lines[50] == "and 950 like it")
        #expect(lines[52] == "and 999 like it")
    }

    @Test("a list that is found in parts is the list that is found at once")
    func parts() {
        let all = (0..<1000).map { $0 % 3 == 0 ? port($0) : label($0) }
        var whole = DiagnosticList(limit: 50)
        whole.append(contentsOf: all)
        for size in [1, 7, 120, 500] {
            var joined = DiagnosticList(limit: 50)
            for start in stride(from: 0, to: all.count, by: size) {
                var part = DiagnosticList(limit: 50)
                part.append(contentsOf: all[start..<min(start + size, all.count)])
                joined.append(contentsOf: part.diagnostics)
            }
            #expect(joined.diagnostics == whole.diagnostics, "\(size)")
        }
    }

    @Test("a list has a bound, whatever is added")
    func bound() {
        var list = DiagnosticList(limit: 100)
        for number in 0..<10_000 {
            let word = String(number).utf8.map { String(UnicodeScalar($0 + 49)) }.joined()
            list.append(Diagnostic(.error, "\(word) is wrong"))
        }
        #expect(list.diagnostics.count == 200)
        #expect(list.diagnostics.total(.error) == 10_000)
    }
}
