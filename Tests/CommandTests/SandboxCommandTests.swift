import Foundation
import Testing

/// `ingest sandbox`: the tenant built in, over HTTP.
struct SandboxCommandTests {
    /// Starts it, does something while it listens at `$url`, and ends it.
    private static func whileServed(_ line: String, signal: String = "TERM") -> String {
        """
        set -m; "$INGEST" sandbox >line & server=$!
        until [ -s line ]; do kill -0 $server || exit 9; sleep 0.05; done
        url=$(grep -o 'http://[0-9.:]*' line); port=${url##*:}
        page() { exec 3<>/dev/tcp/127.0.0.1/$port; printf 'GET %s HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' "$1" >&3; cat <&3; exec 3>&-; }
        \(line)
        kill -\(signal) $server; wait $server
        """
    }

    @Test(arguments: ["TERM", "INT"])
    func `it prints one JSON line, shows what was published, and stops when it is told to`(signal: String) async throws {
        let place = try Workplace(["peaks.csv": ServedTenant.peaks])
        let run = try await place.run("ingest --json --accept-unknown peaks.csv").run
        let outcome = try await place.run(Self.whileServed("page /; page /runs/\(run); page /nowhere", signal: signal))
        #expect(outcome.status == 0, "\(outcome.told)")
        let line = try place.text(of: "line")
        let keys = line.matches(of: #/"(\w+)":/#).map { String($0.output.1) }
        #expect(keys == ["url", "apiKey", "clientId", "clientSecret", "analysisStepKey"] && line.hasSuffix("}\n"))
        #expect(outcome.output.matches(of: #/HTTP/1\.1 200/#).count == 2 && outcome.output.contains("HTTP/1.1 404"))
        #expect(outcome.output.contains("href=\"/runs/\(run)\"") && outcome.output.contains("peaks.csv"))
        #expect(outcome.told.contains("Ctrl-C ends it"))
    }

    @Test func `what is published through it and with --to local is in one place`() async throws {
        let place = try Workplace(["peaks.csv": ServedTenant.peaks, "other.csv": ServedTenant.corrected])
        let line = """
            export ACME_KEY=$(sed 's/.*"apiKey":"\\([^"]*\\)".*/\\1/' line)
            { echo destinations:; echo "  acme: {url: '$url', credentials: {key-from: ACME_KEY}, project: Analytical Development, registry: Sandbox Registry}"; cat mapping; } >ingest.yaml
            ingest peaks.csv; ingest --to local --json peaks.csv --yes; echo "again: $?"; ingest --to local other.csv; page /runs
            """
        try place.write(ServedTenant.mapping, to: "mapping")
        let outcome = try await place.run(Self.whileServed(line))
        #expect(outcome.status == 0, "\(outcome.told)")
        #expect(outcome.output.contains("published to acme") && outcome.output.contains("published to local"))
        // The same file is known there by its SHA-256, whichever way it came.
        #expect(outcome.output.contains("again: 2") && outcome.told.contains("the same tenant under another address"))
        #expect(outcome.output.matches(of: #/<a href="/runs/[0-9a-f-]{36}">/#).count == 2)
    }

    @Test func `a port that is taken is told, with what to do`() async throws {
        let outcome = try await Workplace([:]).run(Self.whileServed("ingest sandbox --port $port; echo status $?"))
        #expect(outcome.output.contains("status 2"))
        #expect(outcome.told.contains("choose another port with --port"))
    }
}
