public import IngestCore

/// Reads delimited dose-response tables with one well a line: the name of the curve, a dose, a response.
///
///     Compound,Well,Type,Conc. [nM],% Inhibition,Replicate
///     Cpd-12,B03,Sample,31.6,12.4,1
///     DMSO,B02,Control,0,-0.8,1
///
/// - The header is the first line with a dose (or its logarithm) and one response in known words, in any case; the unit stands
///   in brackets, behind a comma or an underscore, in a line below, or in a column of its own ("Dose unit", "Unit").
/// - Each line below becomes one ``ResultRecord``, a well: `dose`, and the response as `effect`, or as `absorbance`,
///   `fluorescence`, `luminescence`, `count` where its heading says so. What else it says (`% Inhibition`) is the signal.
/// - The sample is what the column of the curve says, else of the compound, the sample, the analyte, the cell line. Beside a
///   curve, the compound is the analyte. Hours, replicates and what else tells rows apart are extras.
/// - A logarithm of a dose is no dose, and keeps its own heading, as do weights and other numbers.
/// - Nothing is converted, doses of 0 and below are read as they stand, and a replicate is a row like any other.
///
/// Known from the tables that people keep for analysis in R (drc), GraphPad Prism and spreadsheets, and from lists of wells
/// that plate readers export.
public struct PlateLongAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "plate.long", version: 2, instrument: "any delimited table of doses and responses, one well a line")

    public func recognize(_ opening: SourceOpening) -> Recognition { PlateReading.recognize(.long, opening) }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        try await PlateReading.read(source, into: output)
    }
}
