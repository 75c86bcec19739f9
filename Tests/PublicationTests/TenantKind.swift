import Benchling
import BenchlingSandbox
import Testing

/// A tenant as tenants may differ, and who calls it.
struct TenantKind: Sendable, CustomTestStringConvertible {
    var name: String
    var options: SandboxOptions
    var isApp = false
    /// Whether a field of the run tells which file it is of.
    var hasDigestField = true

    var isLate: Bool { options.listLag > 0 }

    /// Bytes of the parts that blobs are sent in, and of the largest that is sent in one call.
    static let part = 8_000

    init(_ name: String, isApp: Bool = false, hasDigestField: Bool = true, _ change: (inout SandboxOptions) -> Void = { _ in }) {
        self.name = name
        self.isApp = isApp
        self.hasDigestField = hasDigestField
        var options = SandboxOptions()
        options.smallestPart = TenantKind.part
        options.largestSinglePut = TenantKind.part
        change(&options)
        self.options = options
    }

    var testDescription: String { name }

    /// With the sizes of blobs as they are documented.
    static let plain = TenantKind("sizes as documented") { options in
        options.smallestPart = SandboxOptions().smallestPart
        options.largestSinglePut = SandboxOptions().largestSinglePut
    }
    static let keeping = TenantKind("ids kept")
    static let ignoring = TenantKind("ids ignored") { $0.keepsClientIDs = false }
    /// New runs and results show in lists so late that no command waits for them: 25 seconds by ``Pace/times(_:later:)``.
    static let late = TenantKind("ids ignored, lists 25 s late") {
        $0.keepsClientIDs = false
        $0.listLag = 25.0 / 20
    }
    static let strict = TenantKind("ids kept, those of aborted transactions too") { $0.freesAbortedIDs = false }
    static let bare = TenantKind("ids kept, bare refusals of unknown runs") { $0.saysWhichRunIsUnknown = false }
    static let others = [
        TenantKind("ids kept, app credentials", isApp: true),
        TenantKind("ids kept, one message for a taken id, unknown ids fail") {
            $0.duplicateID = .oneMessage
            $0.bulkGetUnknown = .fails
            $0.entityLookupUnknown = .notFound404
        },
        TenantKind("ids kept, 409 for a taken id") {
            $0.duplicateID = .conflict
            $0.entityLookupUnknown = .badRequest400
        },
        TenantKind("ids ignored, app credentials, unknown ids fail", isApp: true) {
            $0.keepsClientIDs = false
            $0.bulkGetUnknown = .fails
        },
        TenantKind("ids ignored, no digest in the run", hasDigestField: false) { $0.keepsClientIDs = false },
        strict,
        bare,
    ]

    /// - Parameter other: A line of the mapping that reads otherwise.
    func entry(_ other: (line: String, instead: String)? = nil) throws -> PublishEntry {
        var text = hasDigestField ? TenantKind.mapping : TenantKind.mapping.replacing("source_sha256: file.sha256", with: "")
        if let other { text.replace(other.line, with: other.instead) }
        let configuration = try IngestConfiguration(text: text, file: "proof.yaml")
        guard let entry = configuration.publish.first else { throw NoEntry() }
        return entry
    }

    private struct NoEntry: Error {}

    private static let mapping = """
        publish:
          - for: lc
            run:
              schema: Chromatography Run
              fields:
                instrument: run.instrument.name
                sequence: run.name
                source_sha256: file.sha256
            results:
              - of: peak
                schema: Chromatography Result
                fields:
                  run: $run
                  sample: entity(sample.id) if known
                  sample_name: sample.name
                  analyte: analyte.name
                  retention_time: retentionTime in min
                  peak_area: area in {mAU}.s
                  chromatogram_file: blob(source)
        """
}
