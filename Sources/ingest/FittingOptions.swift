import ArgumentParser
import DoseResponse
import Foundation
import IC50Analysis

/// Which curve is fitted.
struct FittingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "LL.2 to LL.5, LL.3u, W1.3, W1.4, W2.3, W2.4, MM.2; LL.2(1) has its upper plateau at 1.", valueName: "name"))
    var model = "LL.4"

    @Option(help: ArgumentHelp("Parameters held at a number: bottom=0,top=100,slope=1,ic50=…,asymmetry=1.", valueName: "list"))
    var fix: [String] = []

    @Option(help: ArgumentHelp("The response of the absolute IC; 50 where responses are percent.", valueName: "response"))
    var level: Double?

    @Option(help: ArgumentHelp("Of intervals, in percent.", valueName: "percent"))
    var confidence = 95.0

    @Option(help: ArgumentHelp("Standard errors from the observed (as R's drc) or the expected information.", valueName: "kind"))
    var errors = "observed"

    @Option(help: ArgumentHelp("Where a parameter has to lie: slope=0.5..3,ic50=1e-9..1e-3.", valueName: "list"))
    var within: [String] = []

    private static let names: [(String, Parameter)] = [
        ("slope", .slope), ("b", .slope), ("bottom", .bottom), ("c", .bottom), ("top", .top), ("d", .top),
        ("ic50", .location), ("e", .location), ("asymmetry", .asymmetry), ("f", .asymmetry),
    ]

    func settings() throws -> AnalysisSettings {
        guard var model = DoseResponseModel(name: model) else {
            throw ValidationError("--model \(self.model): it is one of \(DoseResponseModel.names.joined(separator: ", "))")
        }
        for (parameter, text) in try pairs(fix, "--fix") {
            guard let value = Double(text), value.isFinite else { throw ValidationError("--fix: \"\(text)\" is no number") }
            if parameter == .slope, value == 0 { throw ValidationError("--fix slope: it is not 0, which would be a constant") }
            if parameter == .location, value <= 0 { throw ValidationError("--fix ic50: it is above 0") }
            if parameter == .asymmetry, value <= 0 { throw ValidationError("--fix asymmetry: it is above 0") }
            model.fixed[parameter] = value
        }
        if model.free.isEmpty { throw ValidationError("--fix: nothing is left to be fitted") }
        if let bottom = model.fixed.bottom, let top = model.fixed.top, bottom >= top {
            throw ValidationError("--fix: bottom (\(bottom)) has to lie below top (\(top))")
        }
        guard confidence > 50, confidence < 100 else {
            throw ValidationError("--confidence \(confidence): it is a percentage between 50 and 100")
        }
        guard let kind = ErrorKind(rawValue: errors) else {
            throw ValidationError("--errors \(errors): it is observed or expected")
        }
        if let level, !level.isFinite { throw ValidationError("--level: it is a number") }
        return AnalysisSettings(
            model: model, confidence: confidence / 100, errors: kind, level: level, bounds: try bounds(),
            workers: ProcessInfo.processInfo.activeProcessorCount)
    }

    private func bounds() throws -> ParameterValues<ClosedRange<Double>?> {
        var bounds = ParameterValues<ClosedRange<Double>?>(repeating: nil)
        for (parameter, text) in try pairs(within, "--within") {
            let ends = text.components(separatedBy: "..")
            guard ends.count == 2, let low = Double(ends[0]), let high = Double(ends[1]), low < high, low.isFinite, high.isFinite
            else {
                throw ValidationError("--within: \"\(text)\" is no range such as 0.5..3")
            }
            bounds[parameter] = low...high
        }
        return bounds
    }

    private func pairs(_ lists: [String], _ option: String) throws -> [(Parameter, String)] {
        try lists.flatMap { $0.split(separator: ",") }.map { part in
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard sides.count == 2, let known = Self.names.first(where: { $0.0 == sides[0].lowercased() }) else {
                throw ValidationError("\(option) \(part): it is PARAMETER=…, with slope, bottom, top, ic50 or asymmetry")
            }
            return (known.1, sides[1])
        }
    }
}
