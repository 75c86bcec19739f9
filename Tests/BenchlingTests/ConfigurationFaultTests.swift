import Benchling
import Foundation
import IngestCore
import IngestTesting
import Testing

/// Every fault of a text, as `line:column code`.
func faults(_ text: String) -> [String] {
    do throws(ConfigurationFaults) {
        _ = try IngestConfiguration(text: text, file: "ingest.yaml")
        return []
    } catch {
        return error.diagnostics.map { "\($0.location.line ?? 0):\($0.location.column ?? 0) \($0.code)" }
    }
}

@Suite struct ConfigurationFaultTests {
    @Test func `all faults are told at once, each at its place`() {
        let text = """
            destinations:
              acme:
                url: http://acme.benchling.com
                credentials: {key: sk_abcdef}
                projct: Analytics
              local: {url: "https://x.benchling.com", credentials: {key-from: KEY}, project: P}
              beta:
                url: ftp://x
                credentials: {key-from: sk_9sd8f7sd}
                project: [P]
            publish:
              - for: lc
                run:
                  fields: {instrument: run.instrumnt.name}
                results:
                  - of: [peak, peek]
                    schema: S
                    fields: {area: aera, rt: retentionTime in mim}
                  - of: peak
                    schema: T
              - for: lc
                accept-unknown: maybe
                results: {}
            extra: 1
            """
        #expect(
            faults(text) == [
                "2:3 configuration.missing-key", "3:10 configuration.wrong-address", "4:19 configuration.secret-in-file",
                "5:5 configuration.unknown-key", "6:3 configuration.reserved-name", "8:10 configuration.wrong-address",
                "9:29 configuration.secret-in-file", "10:14 configuration.wrong-kind", "14:7 configuration.missing-key",
                "14:28 expression.unknown-name", "16:20 configuration.unknown-kind", "18:24 expression.unknown-name",
                "18:51 expression.unknown-unit", "19:13 configuration.repeated-kind", "21:5 configuration.missing-key",
                "21:10 configuration.repeated-entry", "22:21 configuration.wrong-kind", "23:14 configuration.wrong-kind",
                "24:1 configuration.unknown-key",
            ])
    }

    @Test(arguments: [
        ("xml.table", "element: Peak", []), ("xml.table", "element: [Peaks/Peak, /R/Row]", []),
        ("xml.table", "element: {a: b}", ["3:14 configuration.wrong-kind"]),
        ("xml.table", "element: []", ["3:14 configuration.wrong-kind"]),
        ("xml.table", "element: [Peak, [a]]", ["3:21 configuration.wrong-kind"]),
        ("xml.table", "element: ' / '", ["3:14 configuration.wrong-kind"]),
        ("lc", "element: Peak", ["3:14 configuration.misplaced-element"]),
    ])
    func `an element is a name or several, for xml.table alone`(adapter: String, key: String, told: [String]) {
        let text = """
            publish:
              - for: \(adapter)
                \(key)
                run: {schema: S}
                results: [{of: peak, schema: T}]
            """
        #expect(faults(text) == told)
    }

    @Test func `a mistyped key is shown with its line and the nearest right one`() throws {
        let text = "destinations:\n  acme:\n    url: https://a.b\n    credentials: {key-from: K}\n    projct: P\n"
        let fault = #expect(throws: ConfigurationFaults.self) { try IngestConfiguration(text: text, file: "ingest.yaml") }
        let diagnostic = try #require(fault?.diagnostics.first { $0.code == "configuration.unknown-key" })
        #expect(diagnostic.hint == "did you mean \"project\"? it has: url, credentials, project, registry")
        #expect(diagnostic.excerpt == Diagnostic.Excerpt(text: "    projct: P", start: 4, length: 6))
    }

    @Test(arguments: [
        "credentials: {key: SECRET-1}", "credentials: {api-key: SECRET-1}",
        "credentials: {app: {id: SECRET-1, secret: SECRET-1}}",
        "credentials: {key-from: SECRET-1}", "credentials: {password: SECRET-1}", "credentials: SECRET-1",
        "credentials: {app: {id-from: sk_SECRET-1, secret-from: cs_SECRET-1}}", "url: https://SECRET-1@a.b",
        "credentials: {key: SECRET-1\n  bad", "credentials: {key-from: secretabcSECRET1}", "credentials: {key: [SECRET-1]}",
    ])
    func `a secret that stands in the file is refused and never shown`(member: String) {
        let text = "destinations:\n  acme:\n    project: P\n    \(member)\n"
        let fault = #expect(throws: ConfigurationFaults.self) { try IngestConfiguration(text: text, file: "ingest.yaml") }
        #expect(!String(describing: fault).contains("SECRET"))
    }

    @Test(arguments: [
        ("https://acme.benchling.com", "https://acme.benchling.com"),
        ("HTTPS://Acme.Benchling.com:8443/", "https://acme.benchling.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:80", "http://localhost"), ("https://[::1]:80", nil), ("https://a.b/api/v2", "https://a.b"),
        ("http://localhost", "http://localhost"), ("http://localhost.evil.com", nil), ("http://127.0.0.1.evil.com", nil),
        ("http://acme.benchling.com", nil), ("https://a.b/api/v3", nil), ("https://a.b?x", nil), ("https://u:p@a.b", nil),
        ("https://", nil), ("acme.benchling.com", nil), ("https://a b", nil), ("https://a.b:99999", nil), ("https://ä.b", nil),
        ("http://127.0.0.1@evil.com", nil),
    ])
    func `an address names a host over https, or a loopback one`(written: String, url: String?) throws {
        let text = "destinations: {a: {url: '\(written)', credentials: {key-from: K}, project: P}}"
        if let url {
            #expect(try IngestConfiguration(text: text, file: "ingest.yaml").destinations.first?.url == url)
        } else {
            #expect(faults(text).map { $0.hasSuffix("configuration.wrong-address") } == [true])
        }
    }

    @Test(arguments: [
        ("a: 1\na: 2\n", "1:1 configuration.repeated-key"), ("destinations: [", "2:1 configuration.not-yaml"),
        ("\tdestinations: 1", "1:1 configuration.not-yaml"),
        ("destinations: {}\n---\npublish: []\n", "2:1 configuration.not-yaml"),
        ("destinations: *none", "1:15 configuration.not-yaml"),
    ])
    func `what is no YAML is told at its place`(text: String, fault: String) { #expect(faults(text) == [fault]) }

    @Test(arguments: ["", "# nothing\n", "destinations:\npublish:\n", "{}"])
    func `an empty configuration is one`(text: String) throws {
        #expect(try IngestConfiguration(text: text, file: "ingest.yaml").destinations.isEmpty)
    }

    @Test(arguments: [
        ("area: aera", 9), ("area: 'aera'", 10), ("area: \"aera\"", 10), ("é: aera", 6), ("area: \"a\\u0065ra\"", 9),
        ("area: >\n        aera", 9),
    ])
    func `a fault in an expression points into its line, or at the text where that is written otherwise`(
        field: String, column: Int
    ) {
        let text = "publish:\n- for: lc\n  run: {schema: R}\n  results:\n  - of: peak\n    schema: S\n    fields:\n"
        #expect(faults(text + "     \(field)\n") == ["8:\(column + 3) expression.unknown-name"])
    }

    // MARK: Hostile shapes

    @Test func `aliases stand for what they name`() throws {
        let text = """
            publish:
              - for: lc
                run: &form {schema: R, fields: {a: file.name}}
                results: [{of: peak, schema: S}]
              - for: xml
                run: *form
                results: [{of: peak, schema: S}]
            """
        let entries = try IngestConfiguration(text: text, file: "ingest.yaml").publish
        #expect(entries[0].run.fields.map(\.name) == entries[1].run.fields.map(\.name))
    }

    private static let bombs: [String] = {
        let levels = (1...8).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
        let laughs = "a0: &a0 [x]\n" + levels.joined(separator: "\n")
        let chain = "a0: &a0 [x]\n" + (1...60_000).map { "a\($0): &a\($0) [*a\($0 - 1)]" }.joined(separator: "\n")
        let key = "a0: &a0 [x]\n" + (1...6).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n")
        let deep = String(repeating: "[", count: 900)
        let shut = String(repeating: "]", count: 900)
        let chained =
            "a0: &a0 \(deep)x\(shut)\n" + (1...7).map { "a\($0): &a\($0) \(deep)*a\($0 - 1)\(shut)" }.joined(separator: "\n")
        return [
            laughs, chain, key + "\n? *a6\n: y", key + "\n*a6 : y", key + "\n[*a6]: y", chained, "a: \(deep)x\(shut)",
            String(repeating: "[", count: 500_000), String(repeating: "- ", count: 200_000), "a: &a [*a]",
            String(repeating: "x", count: 2 << 20), "a: [" + String(repeating: "1,", count: 200_000) + "]",
        ]
    }()

    @Test(arguments: bombs.indices)
    func `a text made to take for ever is refused soon`(index: Int) {
        let clock = ContinuousClock()
        var found: [String] = []
        let time = clock.measure { found = faults(Self.bombs[index]) }
        #expect(!found.isEmpty)
        #expect(time < .seconds(20), "\(index)")
    }

    /// Every node of the documented file is replaced by each of these.
    @Test(arguments: ["x", "", "[]", "{}", "[[x]]", "{x: {y: z}}", "~", "\"\"", "[1, {a: b}]", "!!binary x", "&b [*b]"])
    func `a part of another shape is a fault or means something, and never crashes`(shape: String) {
        let lines = ConfigurationTests.whole.split(separator: "\n").map(String.init)
        for index in lines.indices {
            guard let colon = lines[index].range(of: ": ") ?? lines[index].range(of: ":") else { continue }
            var changed = lines
            changed[index] = lines[index][..<colon.lowerBound] + ": " + shape
            _ = faults(changed.joined(separator: "\n"))
            // Without what hung below it.
            let indent = lines[index].prefix { $0 == " " || $0 == "-" }.count
            var rest = changed.dropFirst(index + 1).drop { $0.prefix { $0 == " " || $0 == "-" }.count > indent }
            rest.insert(contentsOf: changed[...index], at: rest.startIndex)
            _ = faults(rest.joined(separator: "\n"))
        }
    }

    @Test func `random edits never crash, and every fault names a place`() {
        var random = SeededGenerator(seed: 21)
        let whole = Array(ConfigurationTests.whole)
        let pieces: [Character] = [
            "\n", " ", ":", "-", "[", "]", "{", "}", "*", "&", "\"", "'", "#", "!", "|", ">", "?", "%", "@", "é", "a", "0", "\t",
            "$", "(", ")",
        ]
        for _ in 0..<SeededGenerator.trials(400) {
            var text = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: text.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text[at] = pieces.randomElement(using: &random)!
                case 1: text.insert(pieces.randomElement(using: &random)!, at: at)
                default: text.removeSubrange(at..<min(text.count, at + Int.random(in: 1...9, using: &random)))
                }
            }
            for fault in faults(String(text)) { #expect(!fault.hasPrefix("0:"), "\(fault)\n\(String(text))") }
        }
    }
}
