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
    static let text =
        "publish:\n" + chromatography.map { entry(for: $0, chromatographyBody) }.joined()
        + plates.map { entry(for: $0, plateBody) }.joined()
        + electrophoresis.map { entry(for: $0, electrophoresisBody) }.joined() + entry(for: "lc.unicorn", instrumentBody)
        + entry(for: "xml", instrumentBody)
        + entry(for: "ic50", ic50Body)

    /// Formats of injections and peaks.
    private static let chromatography = [
        "lc", "xml.chemstation", "xml.acaml", "xml.openlab", "xml.targetlynx", "xml.daml", "xml.gaml",
    ]

    /// Formats of plates that were read well by well.
    private static let plates = ["xml.tecan", "xml.softmax"]

    /// Formats of chips and tapes.
    private static let electrophoresis = ["xml.tapestation", "xml.bioanalyzer"]

    private static func entry(for name: String, _ body: String) -> String { "  - for: \(name)\n\(body)\n" }

    private static let chromatographyBody = """
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
        """

    private static let plateBody = """
            run:
              schema: Plate Run
              fields:
                name: run.name
                instrument: run.instrument.name or run.instrument.model
                operator: run.operator
                settings: json(run.extras)
                source_sha256: file.sha256
            results:
              - of: well
                schema: Plate Well Result
                fields:
                  run: $run
                  plate: position.plate
                  well: position.written
                  row: position.row
                  column: position.column
                  signal: signal.name
                  cycle: extra("Cycle")
                  # Empty where the reader overflowed; the text says so.
                  reading: value(fluorescence) or value(absorbance) or value(luminescence)
                  reading_text: written(fluorescence) or written(absorbance) or written(luminescence)
                  temperature: temperature in Cel
                  flags: json(flags)
        """

    private static let electrophoresisBody = """
            run:
              schema: Electrophoresis Run
              fields:
                name: run.name
                assay: method(acquisition)
                instrument: run.instrument.name or run.instrument.model
                operator: run.operator
                source_sha256: file.sha256
            results:
              - of: [sample, peak, region]
                schema: Electrophoresis Result
                fields:
                  run: $run
                  sample: entity(sample.id, sample.name) if known
                  sample_name: sample.name or sample.id
                  well: position.written
                  kind: kind
                  name: analyte.name
                  integrity: value(integrity)
                  concentration: concentration in ng/uL
                  # Of samples by their sizes; the report states nmol/l or pmol/l.
                  molarity: molarity in nmol/L
                  # In base pairs or nucleotides, as the assay has it; above the range the text says so (>800).
                  size: value(size)
                  size_text: written(size)
                  flags: json(flags)
                  report: blob(source)
        """

    /// For every other report in XML: what was measured as JSON, each quantity with its name, text, value and unit.
    private static let instrumentBody = """
            run:
              schema: Instrument Run
              fields:
                name: run.name
                instrument: run.instrument.name or run.instrument.model
                method: method(acquisition) or method(processing)
                operator: run.operator
                details: json(run.extras)
                source_sha256: file.sha256
            results:
              - of: [sample, well, region, gate, peak, compound]
                schema: Instrument Result
                fields:
                  run: $run
                  kind: kind
                  sample: entity(sample.id, sample.name) if known
                  sample_name: sample.name or sample.id
                  position: position.written
                  signal: signal.name
                  analyte: analyte.name
                  measurements: json(measurements)
                  flags: json(flags)
                  source_file: blob(source)
        """

    private static let ic50Body = """
            # What ingest ic50 -o FOLDER writes: ic50.jsonl.
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
