import IngestCore
import TabularText

/// The curves of a text export, and the run they are of, from the lines above the points.
struct UNICORNTextHeadings {
    private(set) var curves: [UNICORNTextCurve.Heading] = []
    private(set) var run = RunRecord(
        instrument: RunRecord.Instrument(vendor: "Cytiva"), software: RunRecord.Software(name: "UNICORN"))
    /// The columns, for places and for the shape of the rows.
    private(set) var header = Header([])
    /// The lines of headings, to know them again.
    let lines: [[String]]

    private let source: SourceFile

    /// Reads the lines of headings.
    /// - Throws: A ``Diagnostic`` at the cell by which the columns are not in pairs: which number belongs to which place is
    ///   then open.
    init(_ text: DelimitedText, lines count: Int) throws {
        source = text.source
        var lines: [[String]] = []
        var parts: [UNICORNTextCurve.Heading] = []
        while lines.count < count, let row = try text.next() {
            row.describe()
            lines.append(row.cells.map(\.trimmed))
            if lines.count == count - 1 { parts = try Self.names(row) }
            if lines.count == count { try Self.takeUnits(row, &parts) }
        }
        self.lines = lines
        curves = parts
        takeRun(chromatograms: count == 3 ? lines[0] : [])
        var names = Array(repeating: "", count: max(lines[count - 1].count, 2 * curves.count))
        for curve in curves {
            names[curve.column] = "\(curve.name) [\(curve.place.written ?? "")]"
            names[curve.column + 1] = "\(curve.name) [\(curve.value.written ?? "")]"
        }
        header = Header(names)
        tellOdd()
    }

    private static func names(_ row: Row) throws -> [UNICORNTextCurve.Heading] {
        var last = row.count - 1
        while last > 0, row.isEmpty(last) { last -= 1 }
        return try stride(from: 0, through: last, by: 2).map { column in
            guard !row.isEmpty(column), UNICORNTextLayout.isBeside(row[column + 1]) else {
                let odd = row.isEmpty(column) ? column : column + 1
                throw row.fault(
                    "unicorn.columns", "\(row.isEmpty(odd) ? "no name of a curve stands" : "\"\(row[odd])\" stands") here",
                    at: odd,
                    hint: "names of curves stand above every other column: a column was added or lost, and nothing was read, "
                        + "for numbers would come to wrong curves; export the file again")
            }
            return UNICORNTextCurve.Heading(
                written: row[column], beside: row[column + 1], column: column, location: row.location(of: column))
        }
    }

    private static func takeUnits(_ row: Row, _ curves: inout [UNICORNTextCurve.Heading]) throws {
        for index in curves.indices {
            let column = curves[index].column
            let place = row[column], value = row[column + 1]
            // A unit of places in the second column, and none in the first: the columns are shifted.
            guard !place.isEmpty, UNICORNTextUnit.isPlace(place) || !UNICORNTextUnit.isPlace(value) else {
                throw shifted(row, column)
            }
            curves[index].place = StatedUnit(unit: Unit(spelling: place), written: place)
            curves[index].isTime = UNICORNTextUnit.isTime(place)
            curves[index].value = value.isEmpty ? .none : StatedUnit(unit: Unit(spelling: value), written: value)
            curves[index].unitLocations = (row.location(of: column), row.location(of: column + 1))
        }
        for column in 2 * curves.count..<max(2 * curves.count, row.count) where !row.isEmpty(column) {
            throw shifted(row, column)
        }
    }

    private static func shifted(_ row: Row, _ column: Int) -> Diagnostic {
        row.fault(
            "unicorn.columns",
            "\(row.isEmpty(column) ? "no unit stands" : "\"\(row[column])\" stands") here, below no name of a curve or none of a place",
            at: column,
            hint: "ml or min stands above every other column: a column was added, moved or lost, and nothing was read, "
                + "for numbers would come to wrong curves; export the file again")
    }

    // MARK: Names

    /// `Run 7:10_UV` is the curve `UV` of chromatogram `10` of the result `Run 7`. Curves of several chromatograms keep their
    /// names as they stand.
    private mutating func takeRun(chromatograms: [String]) {
        let stated = curves.map { $0.column < chromatograms.count ? chromatograms[$0.column] : "" }
        let prefixes = curves.indices.map { Self.prefix(curves[$0].written, stated[$0]) }
        let common = Self.most(prefixes.map { $0?.whole ?? "" })
        for index in curves.indices {
            if let prefix = prefixes[index], prefix.whole == common {
                curves[index].name = String(curves[index].written.dropFirst(common.count))
            } else if prefixes[index] != nil || !common.isEmpty {
                tell(
                    "unicorn.other-chromatogram",
                    "\"\(curves[index].written)\" does not begin as other curves do"
                        + (common.isEmpty ? ", which name no run" : ", with \"\(common)\""),
                    at: curves[index].location,
                    hint: "it was read under the name as it stands; if it is not of another run, the name was changed")
            }
        }
        if let prefix = prefixes.first(where: { $0?.whole == common }) ?? nil {
            run.name = prefix.run
            run.extras.add("Chromatogram", prefix.chromatogram)
        }
        takeChromatograms(stated)
        for index in curves.indices { curves[index].settle() }
    }

    private mutating func takeChromatograms(_ stated: [String]) {
        let common = Self.most(stated)
        if stated.allSatisfy(\.isEmpty) {
            guard run.name == nil else { return }
            tell(
                "unicorn.no-chromatogram", "no line names the chromatogram", at: source.location(line: 1, column: 1),
                hint: "the curves were read; UNICORN writes a line of chromatograms above them, or the run before each name: "
                    + "a line was lost")
            return
        }
        if run.extras["Chromatogram"] != common { run.extras.add("Chromatogram", common) }
        for index in curves.indices where stated[index] != common {
            curves[index].extras.add("Chromatogram", stated[index])
            tell(
                "unicorn.other-chromatogram", "\"\(stated[index])\" is not the chromatogram of other curves, \"\(common)\"",
                at: source.location(line: 1, column: curves[index].location.column, field: curves[index].name),
                hint: "the curve was read, and says so; if it is not of another run, the name was changed")
        }
    }

    private static func prefix(_ name: String, _ chromatogram: String) -> (whole: String, run: String, chromatogram: String)? {
        guard let colon = name.lastIndex(of: ":") else { return nil }
        let rest = name[name.index(after: colon)...]
        let number =
            !chromatogram.isEmpty && rest.hasPrefix(chromatogram + "_")
            ? chromatogram : rest.firstIndex(of: "_").map { String(rest[..<$0]) } ?? ""
        guard !number.isEmpty else { return nil }
        let run = String(name[..<colon])
        return ("\(run):\(number)_", run, number)
    }

    /// The text that stands most often, the first of several.
    private static func most(_ texts: [String]) -> String {
        var counts: [String: Int] = [:]
        for text in texts { counts[text, default: 0] += 1 }
        let most = counts.values.max()
        return texts.first { counts[$0] == most } ?? ""
    }

    // MARK: What is odd

    private func tellOdd() {
        let place = Self.most(curves.map { $0.place.written ?? "" })
        let pressure = Self.most(curves.filter { $0.kind == .pressure }.map { $0.value.written ?? "" })
        var names: Set<String> = []
        for curve in curves {
            if !names.insert(curve.written).inserted {
                tell(
                    "unicorn.repeated-curve", "two curves have the name \"\(curve.name)\"", at: curve.location,
                    hint: "both were read; which is which only their columns tell")
            }
            if !curve.isNameKnown { tellUnknown(curve) }
            if !UNICORNTextUnit.isPlace(curve.place.written ?? "") || curve.place.written != place {
                tell(
                    "unicorn.unit", "\"\(curve.place.written ?? "")\" is not the unit of the other places, \"\(place)\"",
                    at: curve.unitLocations.place,
                    hint: "the curve was read with the unit as it stands; the heading was changed: export the file again")
            }
            let isOdd =
                !curve.kind.isUsual(curve.value.unit) || curve.value.written != nil && curve.value.unit == nil
                || curve.kind == .pressure && curve.value.written != pressure
            if isOdd, !curve.kind.isText, curve.kind != .other { tellUnit(curve) }
            if curve.kind == .other, let written = curve.value.written, curve.value.unit == nil, !curve.isNameKnown {
                tellUnit(curve, written)
            }
            if curve.kind.isText, UNICORNCurveKind(eventsIn: curve.value.written ?? "") == nil || isOddText(curve) {
                tellUnit(curve)
            }
        }
        tellOrder()
    }

    /// The name is that of fractions and the unit that of a log, or the other way round.
    private func isOddText(_ curve: UNICORNTextCurve.Heading) -> Bool {
        UNICORNCurveKind(named: curve.name).map { $0 != curve.kind } ?? false
    }

    private func tellOrder() {
        var last: (number: Int, name: String)?
        for curve in curves {
            guard let number = UNICORNCurveKind.number(of: curve.name) else { continue }
            if let last, number < last.number {
                tell(
                    "unicorn.order", "\"\(curve.name)\" stands behind \"\(last.name)\"", at: curve.location,
                    hint: "both were read by their names; UNICORN writes them in the order of their numbers: if columns were "
                        + "exchanged, export the file again")
            }
            last = (number, curve.name)
        }
    }

    private func tellUnit(_ curve: UNICORNTextCurve.Heading, _ unit: String? = nil) {
        let unit = curve.value.written.map { "\"\($0)\" is not the unit" } ?? "there is no unit"
        tell(
            "unicorn.unit", "\(unit) of a curve such as \"\(curve.name)\"", at: curve.unitLocations.value,
            hint:
                "usual is \(curve.kind.isText ? "Fraction, Injection or Logbook" : curve.kind.usualUnit); the curve was read as it "
                + "stands, but a heading was changed or columns were exchanged: export the file again")
    }

    private func tellUnknown(_ curve: UNICORNTextCurve.Heading) {
        let near = NearestName.of(curve.name, among: UNICORNCurveKind.names).map { "the nearest is \"\($0)\"; " } ?? ""
        tell(
            "unicorn.unknown-curve", "no curve of UNICORN is known by the name \"\(curve.name)\"", at: curve.location,
            hint: near + "it was read under its own name; if it was not named so in UNICORN, the heading was changed")
    }

    private func tell(_ code: String, _ message: String, at location: SourceLocation, hint: String) {
        source.account.report(Diagnostic(.warning, code, message, at: location, hint: hint))
    }
}
