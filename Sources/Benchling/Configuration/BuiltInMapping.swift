extension PublishEntry {
    /// The mapping to the built-in tenant, for families that it has schemas for, when the configuration maps neither the
    /// format nor its family; `nil` for other families.
    public static func builtIn(forAdapter name: String) -> PublishEntry? { builtIn.entry(forAdapter: name) }

    private static let builtIn: IngestConfiguration = {
        do {
            return try IngestConfiguration(text: BuiltInMapping.text, file: "built-in mapping")
        } catch {
            // A fault of ours, which the tests of this text would have shown.
            preconditionFailure("the built-in mapping is at fault: \(error)")
        }
    }()
}

/// The mapping to the schemas of the built-in tenant, in the words of `ingest.yaml`: it can be copied there and changed.
enum BuiltInMapping {
    static let text = """
        publish:
          - for: lc
            run:
              schema: Chromatography Run
              fields:
                instrument: run.instrument.name or run.instrument.model
                method: method(acquisition) or method(processing)
                sequence: run.sequence or run.name
                operator: run.operator
                source_sha256: file.sha256
            results:
              # The first kind that the file has: a report may tell the same peaks in several tables.
              - of: peak or compound or sample
                schema: Chromatography Result
                fields:
                  run: $run
                  sample: entity(sample.id, sample.name) if known
                  sample_name: sample.name or sample.id
                  analyte: analyte.name
                  # In minutes; where the file states no unit, the number as it stands.
                  retention_time: retentionTime in min or value(retentionTime)
                  # The number as the file states it: detectors differ in their units, and many exports state none.
                  peak_area: value(area)
                  run_date: date(injection.acquired)
                  chromatogram_file: blob(source)
          # What ingest ic50 -o FOLDER writes: ic50.jsonl.
          - for: ic50
            run:
              schema: IC50 Run
              fields:
                software: run.software.version
                settings: json(run.extras)
                source_sha256: file.sha256
            results:
              - of: sample
                schema: IC50 Result
                fields:
                  run: $run
                  sample: entity(sample.name) if known
                  curve: sample.name
                  series: signal.name
                  cell: extra("cell")
                  hours: value(measurement("hours"))
                  verdict: extra("verdict")
                  # Empty for good curves.
                  reasons: extra("reasons")
                  # Empty for refused curves; the text of a bound (>300) stands in ic50_text.
                  ic50: value(measurement("ic50"))
                  ic50_text: written(measurement("ic50"))
                  unit: extra("unit")
                  ic50_low: value(measurement("ic50_low"))
                  ic50_high: value(measurement("ic50_high"))
                  pic50: value(measurement("pic50"))
                  hill: value(measurement("hill"))
                  model: extra("model")
                  page: blob(report)
        """
}
