import ArgumentParser
import Foundation
import IC50Analysis
import IngestCore
import IngestPipeline
import InstrumentAdapters

/// Which columns are what.
struct ColumnOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column of doses, where its heading does not tell.", valueName: "column"))
    var dose: String?

    @Option(help: ArgumentHelp("A column of responses; may be given several times.", valueName: "column"))
    var response: [String] = []

    @Option(help: ArgumentHelp("The column that tells curves apart; may be given several times.", valueName: "column"))
    var curve: [String] = []

    @Option(help: ArgumentHelp("The unit of doses: uM, nM, ng/mL; molar doses are converted into it.", valueName: "unit"))
    var doseUnit: String?

    @ArgumentParser.Flag(name: .customLong("log10-doses"), help: "The doses are decimal logarithms.")
    var dosesAreLog10 = false

    @ArgumentParser.Flag(help: "Take <5 for 5; without it such cells are an error.")
    var useBounds = false

    @ArgumentParser.Flag(help: "Go on without rows and cells that are no numbers; they are counted.")
    var lenient = false

    @Option(
        help: ArgumentHelp(
            "What 0 and 100 % are: the role or name of the low and of the high control wells.", valueName: "low,high"))
    var normalize: String?

    /// The adapter for columns that are named by hand; `nil` when none is.
    var named: NamedPlateAdapter? {
        guard dose != nil || !response.isEmpty || !curve.isEmpty else { return nil }
        return NamedPlateAdapter(PlateColumns(dose: dose, responses: response, curves: curve))
    }

    /// How a table is read: by the names given, else by what its headings tell.
    func ingestRun(_ reading: ReadingOptions) throws -> IngestRun {
        guard let named, reading.adapter == nil, reading.rows.element == nil else { return try reading.ingestRun() }
        return IngestRun(adapters: [named], wish: .format(named.identity.name), given: try reading.given())
    }

    func dataset() throws -> DatasetOptions {
        var controls: DatasetOptions.Controls?
        if let normalize {
            let names = normalize.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            guard names.count == 2, names[0].lowercased() != names[1].lowercased() else {
                throw ValidationError(
                    "--normalize \(normalize): name the low and the high control, as in --normalize background,vehicle")
            }
            controls = DatasetOptions.Controls(low: names[0], high: names[1])
        }
        if let doseUnit, doseUnit.trimmingCharacters(in: .whitespaces).isEmpty {
            throw ValidationError("--dose-unit: it is empty")
        }
        return DatasetOptions(
            responses: response, doseUnit: doseUnit, dosesAreLog10: dosesAreLog10, usesBounds: useBounds,
            isLenient: lenient, controls: controls)
    }
}
