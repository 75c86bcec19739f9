import Testing

/// What SURFACE promises of exit statuses, and what people type by mistake.
struct StatusTests {
    @Test(arguments: [
        ("ingest --to none whole.csv", 0), ("ingest read whole.csv", 0), ("ingest detect whole.csv", 0), ("ingest adapters", 0),
        ("ingest read garbled.csv", 1), ("ingest --to none garbled.csv", 1), ("ingest read damaged.csv", 2),
        ("ingest --to none picture.csv", 2),
        ("ingest detect picture.csv", 2), ("ingest read missing.csv", 2), ("ingest read /dev/null", 2),
        ("ingest --to none whole.csv garbled.csv", 1), ("ingest read garbled.csv damaged.csv whole.csv", 2),
        ("ingest read --adapter lc.labsolutions whole.csv", 2), ("ingest read --adapter lc.chromeleon /dev/stdin", 2),
        ("ingest read -", 0), ("cat whole.csv | gzip | ingest read -", 0),
    ])
    func `the status says what came of the files`(line: String, status: Int32) async throws {
        let outcome = try await Workplace().run(line, input: Workplace.table)
        #expect(outcome.status == status, "\(outcome.told)")
    }

    @Test(arguments: [
        "ingest", "ingest pubish whole.csv", "ingest delete whole.csv", "ingest read", "ingest --nope whole.csv",
        "ingest read ''", "ingest read - -",
        "ingest --adapter lc.chemstatoin whole.csv", "ingest --date-order dym whole.csv", "ingest --decimal-mark x whole.csv",
        "ingest --time-zone Mars/Olympus whole.csv", "ingest --encoding ebcdic whole.csv", "ingest adapters nope",
        "ingest read --format xml whole.csv", "ingest read -o '' whole.csv", "ingest read -o whole.csv whole.csv",
        "ingest read -o ./whole.csv garbled.csv whole.csv", "ingest read -o nowhere whole.csv garbled.csv",
        "ingest read -o . whole.csv ./whole.csv", "ingest read --element '' whole.csv", "ingest read --element ' / ' whole.csv",
        "ingest --to none --adapter lc --element Peak whole.csv", "ingest detect --element '' whole.csv",
        "ingest ic50 --adapter lc.table --element Peak whole.csv",
    ])
    func `wrong usage is 64, and nothing is written`(line: String) async throws {
        let place = try Workplace()
        let outcome = try await place.run(line)
        #expect(outcome.status == 64, "\(outcome.told)")
        #expect(outcome.output.isEmpty)
        #expect(try place.names == Workplace.usual.keys.sorted())
        #expect(try place.text(of: "whole.csv") == Workplace.table)
    }

    @Test func `an interruption leaves nothing behind, also while standard input is silent`() async throws {
        let place = try Workplace([:])
        let line = """
            set -m; sleep 9 | "$INGEST" read - -o out.jsonl & until reader=$(pgrep -P $$ ingest); do sleep 0.05; done
            sleep 0.5; kill -INT $reader; wait $!
            """
        #expect(try await place.run(line).status == 130)
        #expect(try place.names == [])
    }
}
