import BenchlingSandbox
import Foundation
import Testing

/// What a person is asked at a terminal, here that of script(1), which Linux systems have.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "script(1) is needed for a terminal"))
struct TerminalTests {
    /// Answers a question at a terminal as soon as it stands there.
    private static func answered(_ answer: String, _ command: String) -> String {
        """
        { for i in {1..600}; do grep -qs 'Go on' .typescript && break; sleep 0.05; done; printf '\(answer)'; sleep 0.5; } |
            script -qefc '\"$INGEST\" \(command)' .typescript
        """
    }

    @Test(arguments: [("y\\n", 0), ("yes\\n", 0), ("n\\n", 2), ("\\n", 2)])
    func `a question is asked, and only yes is yes`(answer: String, status: Int32) async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest peaks.csv")
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            let outcome = try await acme.run(Self.answered(answer, "peaks.csv"))
            #expect(outcome.output.contains("looks like an earlier version of this run"), "\(outcome.output)")
            #expect(outcome.output.contains("Go on? [y/N]"))
            #expect(outcome.status == status)
            #expect(try acme.live == [1, 2])
            #expect(try acme.tenant.census().archivedRuns == (status == 0 ? 1 : 0))
            if status != 0 { #expect(outcome.output.contains("nothing was sent")) }
        }
    }

    @Test func `nobody is asked while a file is read from the terminal`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest - <peaks.csv")
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            // Which shell script(1) starts is the person's choice, so nothing here is bash's own.
            let outcome = try await acme.run("script -qec '\"$INGEST\" - <peaks.csv' /dev/null")
            #expect(outcome.status == 2 && outcome.output.contains("--yes"), "\(outcome.output)")
        }
    }
}
