import BenchlingSandbox
import Foundation

/// A tenant that the tests serve, and a folder whose `ingest.yaml` names it `acme`.
struct ServedTenant {
    let tenant: Sandbox
    let url: String
    let place: Workplace

    /// Two peaks of samples that the tenant knows, and the same after a second look at the integration.
    static let peaks = "Sample,RT (min),Area\nS-0031,1.0,2\nS-0032,2.5,3.25\n"
    static let corrected = peaks.replacing("3.25", with: "3.5")

    static let mapping = """
        publish:
          - for: lc
            accept-unknown: true
            run:
              schema: Chromatography Run
              fields: {sequence: run.sequence or run.name, source_sha256: file.sha256}
            results:
              - of: [peak, compound, sample]
                schema: Chromatography Result
                fields:
                  run: $run
                  sample: entity(sample.id, sample.name) if known
                  sample_name: sample.name or sample.id
                  retention_time: retentionTime in min
                  peak_area: value(area)
                  chromatogram_file: blob(source)

        """

    /// The `destinations` of a configuration; secrets come from the environment that ``run(_:)`` sets.
    static func destination(
        _ url: String, name: String = "acme", key: String = "ACME_KEY", project: String = "Analytical Development"
    ) -> String {
        "  \(name): {url: '\(url)', credentials: {key-from: \(key)}, project: \(project), registry: Sandbox Registry}\n"
    }

    static func with(
        _ files: [String: String] = ["peaks.csv": peaks], mapping: String = mapping, options: SandboxOptions = SandboxOptions(),
        _ body: (ServedTenant) async throws -> Void
    ) async throws {
        let tenant = try Sandbox.temporary(options: options)
        let url = try await tenant.start()
        let place = try Workplace(files)
        try place.write("destinations:\n" + destination(url) + mapping, to: "ingest.yaml")
        do {
            try await body(ServedTenant(tenant: tenant, url: url, place: place))
        } catch {
            await tenant.stop()
            throw error
        }
        await tenant.stop()
    }

    func run(_ line: String, input: String = "") async throws -> Workplace.Outcome {
        try await place.run(line, input: input, environment: ["ACME_KEY": tenant.credentials.apiKey])
    }

    /// Live runs and results.
    var live: [Int] {
        get throws {
            let census = try tenant.census()
            return [census.liveRuns, census.liveResults]
        }
    }

    /// The calls that change something.
    var writes: [String] { tenant.requests.map(\.call).filter { !$0.hasPrefix("GET ") } }
}

extension Workplace.Outcome {
    /// The receipt of the only file.
    var receipt: [String: Any] { get throws { try objects.last ?? [:] } }

    /// The id of the only run in the receipt of `--json`.
    var run: String {
        get throws { ((try receipt["runs"] as? [[String: String]])?.first?["id"]) ?? "no run" }
    }
}
