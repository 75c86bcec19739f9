import Foundation
import Testing

/// What SURFACE promises of standard output, standard error and output files.
struct StreamTests {
    @Test(arguments: [
        "--to none --json whole.csv garbled.csv damaged.csv", "--accept-unknown --json whole.csv garbled.csv damaged.csv",
        "detect --json whole.csv picture.csv", "adapters --json",
        "read whole.csv garbled.csv",
    ])
    func `standard output carries JSON lines and nothing else`(arguments: String) async throws {
        let outcome = try await Workplace().run("ingest \(arguments)")
        #expect(try outcome.objects.count == outcome.output.split(separator: "\n").count)
        #expect(try !outcome.objects.isEmpty)
    }

    @Test func `a fault is told with line, column, the text and what to do`() async throws {
        let told = try await Workplace().run("ingest read garbled.csv").told
        #expect(told.contains("garbled.csv:3:7: error: \"3.2S\""))
        #expect(told.contains("^^^^"))
        #expect(told.contains("--missing"))
    }

    @Test func `quiet tells nothing of a sound file, and of a bad one what went wrong`() async throws {
        #expect(try await Workplace().run("ingest read --quiet whole.csv").told == "")
        #expect(try await Workplace().run("ingest read --quiet garbled.csv").told.contains("error:"))
    }

    @Test(arguments: [("", false), ("CLICOLOR_FORCE=1", true), ("CLICOLOR_FORCE=1 NO_COLOR=1", false)])
    func `colours are for terminals, or on demand`(variables: String, isColoured: Bool) async throws {
        let place = try Workplace()
        #expect(try await place.run("export \(variables); ingest read garbled.csv").told.contains("\u{1B}[") == isColoured)
        #expect(try await !place.run("export \(variables); ingest read --no-color garbled.csv").told.contains("\u{1B}["))
    }

    @Test func `a name cannot rewrite the terminal`() async throws {
        let place = try Workplace(["a\u{1B}[31m\nb.csv": Workplace.table, "c\u{1B}[2J.csv": "\0"])
        let outcome = try await place.run("ingest --accept-unknown *.csv; ingest detect *.csv")
        #expect(!outcome.told.contains("\u{1B}") && !outcome.output.contains("\u{1B}"))
    }

    @Test func `the same bytes give the same records wherever they are read`() async throws {
        let place = try Workplace()
        let here = try await place.run("ingest read whole.csv").output
        #expect(try await place.run("LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo ingest read ./whole.csv").output == here)
        #expect(try await place.run("d=$PWD; cd / && ingest read $d/whole.csv").output == here)
    }

    @Test func `of several files those that failed give no records`() async throws {
        let outcome = try await Workplace().run("ingest read damaged.csv whole.csv")
        let types = try outcome.objects.compactMap { $0["type"] as? String }
        #expect(types.first == "source" && types.last == "end" && types.count(where: { $0 == "source" }) == 1)
    }

    @Test(arguments: [
        "ingest read whole.csv", "ingest read whole.csv garbled.csv", "ingest --to none whole.csv",
        "ingest --to none --json whole.csv",
        "ingest --accept-unknown whole.csv", "ingest --dry-run --accept-unknown whole.csv",
        "ingest adapters",
    ])
    func `a full disk below standard output is a failure that is told`(line: String) async throws {
        let outcome = try await Workplace().run("\(line) >/dev/full")
        #expect(outcome.status == 2)
        #expect(outcome.told.contains("No space left on device [output.unwritable]"))
    }

    @Test func `closed standard streams do not end in an output file`() async throws {
        let place = try Workplace()
        #expect(try await place.run("ingest read garbled.csv -o out.jsonl >&- 2>&- <&-").status == 1)
        #expect(try place.text(of: "out.jsonl").split(separator: "\n").allSatisfy { $0.hasPrefix("{\"type\":") })
    }

    @Test func `an output appears whole or not at all`() async throws {
        let place = try Workplace()
        try place.write("old", to: "out.jsonl")
        #expect(try await place.run("ingest read damaged.csv -o out.jsonl").status == 2)
        #expect(try place.text(of: "out.jsonl") == "old")
        #expect(try await place.run("ingest read whole.csv -o nowhere/out.jsonl").told.contains("the folder has to be there"))
        #expect(try await place.run("ingest read whole.csv -o out.jsonl").status == 0)
        #expect(try await place.text(of: "out.jsonl") == place.run("ingest read whole.csv").output)
        #expect(try place.names == (Array(Workplace.usual.keys) + ["out.jsonl"]).sorted())
    }

    @Test func `a link is followed, and a device or pipe is written to, not replaced`() async throws {
        let place = try Workplace()
        _ = try await place.run("touch target; ln -s target link; mkfifo pipe")
        #expect(try await place.run("ingest read whole.csv -o link && test -L link && test -s target").status == 0)
        let piped = try await place.run("cat pipe & ingest read whole.csv -o pipe --quiet; wait; test -p pipe")
        #expect(try piped.status == 0 && piped.output == place.text(of: "target"))
        #expect(try await place.run("ingest read whole.csv -o /dev/stdout").output == place.text(of: "target"))
    }

    @Test func `several files go to a folder, each under its own name`() async throws {
        let place = try Workplace()
        #expect(try await place.run("mkdir out; ingest read whole.csv damaged.csv - -o out", input: Workplace.table).status == 2)
        #expect(try await place.run("ls out").output == "stdin.records.jsonl\nwhole.csv.records.jsonl\n")
    }
}
