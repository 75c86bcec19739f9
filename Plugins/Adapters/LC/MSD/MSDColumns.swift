import IngestCore
import TabularText

/// What a column of a peak table holds.
struct MSDColumn {
    enum Meaning: Equatable {
        case number, code
        case measurement(MeasurementName)
        /// A number under a heading of the file's own: scans.
        case own
        case extra
    }

    let heading: String
    let meaning: Meaning
    var unit = StatedUnit.none

    /// The headings that MSD ChemStation writes above integrated peaks.
    static let known = [
        "Peak", "R.T.", "First", "Max", "Last", "Start", "End", "PK  TY", "Height", "Area", "Pct Max", "Pct Total",
    ]

    /// The columns that are always there: of a mass spectrometer with scans, of another detector with times.
    static func required(_ headings: [String]) -> [String] {
        let has = { (name: String) in headings.contains { ColumnHeading.folded($0) == ColumnHeading.folded(name) } }
        let isTimed = has("Start") || has("End")
        return ["Peak", "R.T."] + (isTimed ? ["Start", "End"] : ["First", "Max", "Last"])
            + ["PK  TY", "Height", "Area", "Pct Max", "Pct Total"]
    }

    static func isKnown(_ heading: String) -> Bool {
        known.contains { ColumnHeading.folded($0) == ColumnHeading.folded(heading) }
    }

    /// The columns of a `Header=` line, with the documented units: minutes, and counts of the spectrometer.
    static func columns(_ headings: [String], countsIons: Bool) -> [MSDColumn] {
        var taken: Set<String> = []
        return headings.map { heading in
            let stated = StatedUnit(heading: heading)
            guard taken.insert(ColumnHeading.folded(heading)).inserted else {
                return MSDColumn(heading: heading, meaning: .extra)
            }
            switch ColumnHeading.folded(heading) {
            case "first", "max", "last": return MSDColumn(heading: heading, meaning: .own)
            default: break
            }
            switch ColumnHeading.field(heading) {
            case .peakNumber: return MSDColumn(heading: heading, meaning: .number)
            case .integrationCode: return MSDColumn(heading: heading, meaning: .code)
            case .measurement(let name):
                let unit = stated.unit == nil ? documented(name, countsIons: countsIons) : stated
                return MSDColumn(heading: heading, meaning: .measurement(name), unit: unit)
            default: return MSDColumn(heading: heading, meaning: .extra)
            }
        }
    }

    private static func documented(_ name: MeasurementName, countsIons: Bool) -> StatedUnit {
        switch name {
        case .retentionTime, .startTime, .endTime: StatedUnit(ofFormat: .minute)
        case .area, .height: countsIons ? StatedUnit(ofFormat: .counts) : .none
        case .areaPercent, .relativeToLargest: StatedUnit(ofFormat: .percent)
        default: .none
        }
    }
}
