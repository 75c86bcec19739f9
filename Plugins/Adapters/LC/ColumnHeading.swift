import IngestCore
import Synchronization
import TabularText

/// What a column of a chromatography table holds, told by its heading in the words of any vendor.
enum ColumnField: Hashable {
    case sampleName, sampleID, sampleRole, batch
    /// One of several columns that name the sample together, by its place among them.
    case samplePart(Int)
    case vial, well, position
    /// The plate of the well.
    case plate
    case injectionNumber, acquired, acquiredDate, acquiredTime, injectionVolume
    case signal, analyteName, analyteID
    /// The peak's number, which proves that no row is missing.
    case peakNumber
    case measurement(MeasurementName)
    /// A number under a heading of the file's own.
    case ownNumber
    /// The unit of the amount of the row, of its concentration, its dose, its effect, of whichever of them there is.
    case amountUnit, concentrationUnit, doseUnit, effectUnit, unit
    /// A letter code of how the peak was integrated: kept as an extra, and read by ``IntegrationCode``.
    case integrationCode
    /// Kept as an extra.
    case extra
}

/// Reads headings: without units, blanks, dots, hyphens, colons and underscores, in lower case (`RT [min]` and `R.T.` are
/// `rt`).
enum ColumnHeading {
    /// What a column holds; `nil` for a heading that is not known, and for one with a unit that does not fit it:
    /// `Area (MS)` and `Area (A)` are areas of some detector, `Sample (g)` is no name.
    static func field(_ heading: String) -> ColumnField? {
        // No heading is as long, and none is a number.
        guard heading.utf8.count <= 48 else { return nil }
        if let field = fields[folded(heading)] { return field }
        return parted(heading)?.field
    }

    /// The known heading closest to one that is not; folded (``folded(_:)``).
    static func nearest(_ heading: String) -> String? {
        let word = normalized(heading)
        // Of three letters, a third would have to be another.
        guard word.utf8.count > 3, word.utf8.count <= 48, let near = NearestName.of(word, among: fields.keys.sorted()) else {
            return nil
        }
        return abs(near.count - word.count) <= 1 ? near : nil
    }

    /// Whether the heading names a measurement but for what stands in its brackets, which then is no unit.
    static func hasMisfit(_ heading: String) -> Bool {
        guard let word = parted(heading)?.word, case .measurement? = fields[word] else { return false }
        return field(heading) == nil
    }

    private static func fits(_ unit: Unit?, _ field: ColumnField) -> Bool {
        guard let unit else { return true }
        switch field {
        case .measurement(let name): return name.canBe(in: unit)
        case .injectionVolume: return MeasurementName.volume.canBe(in: unit)
        default: return false
        }
    }

    static func normalized(_ heading: String) -> String { parted(heading)?.word ?? folded(heading) }

    /// A heading with a unit in its last brackets.
    private struct Parted {
        /// What stands in front of the brackets, folded.
        let word: String
        /// What the column holds, unless the unit does not fit it.
        let field: ColumnField?
    }

    /// The headings with brackets that were taken apart last, for files that repeat theirs many times; at most ``mostKept``.
    private static let kept = Mutex<[String: Parted?]>([:])
    private static let mostKept = 512

    /// The heading without the unit in its last brackets; `nil` where there is none. Empty brackets are none too.
    private static func parted(_ heading: String) -> Parted? {
        let text = heading.trimmed
        guard let last = text.utf8.last, last == UInt8(ascii: "]") || last == UInt8(ascii: ")") else { return nil }
        guard text.utf8.count <= 48 else { return takenApart(text) }
        if let known = kept.withLock({ $0[text] }) { return known }
        let parted = takenApart(text)
        kept.withLock {
            if $0.count >= mostKept { $0.removeAll(keepingCapacity: true) }
            $0[text] = .some(parted)
        }
        return parted
    }

    private static func takenApart(_ text: String) -> Parted? {
        for (open, close) in [("[", "]"), ("(", ")")] where text.hasSuffix(close) {
            guard let start = text.lastIndex(of: Character(open)), start > text.startIndex else { continue }
            let inside = text[text.index(after: start)...].dropLast()
            let unit = Unit(spelling: inside)
            guard unit != nil || inside.isEmpty else { continue }
            let word = folded(String(text[..<start]))
            return Parted(word: word, field: fields[word].flatMap { fits(unit, $0) ? $0 : nil })
        }
        return nil
    }

    /// As ``normalized(_:)``, with what stands in brackets.
    static func folded(_ heading: String) -> String {
        let text = heading.trimmed
        // By bytes: recognition asks this of every cell of the opening.
        return String(unsafeUninitializedCapacity: text.utf8.count) { bytes in
            var count = 0
            var previous: UInt8 = 0
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): break
                // Of a heading that was wrapped in its cell.
                case UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
                // A no-break space.
                case 0xA0 where previous == 0xC2: count -= 1
                default:
                    bytes[count] = byte &- 65 < 26 ? byte | 32 : byte
                    count += 1
                }
                previous = byte
            }
            return count
        }
    }

    /// The synonyms of Agilent, Waters, Thermo, Shimadzu and others.
    private static let fields: [String: ColumnField] = {
        var fields: [String: ColumnField] = [:]
        func add(_ field: ColumnField, _ headings: String) {
            for heading in headings.split(separator: "|") { fields[String(heading)] = field }
        }
        add(.sampleName, "samplename|sample|replicatename|injectionname|sampleidentifier|samplelabel")
        add(.sampleID, "sampleid|samplenumber|entity|entityid")
        add(.sampleRole, "sampletype|samplerole|type|samplegroup")
        add(.batch, "batch|batchid|lot|samplesetname")
        add(.vial, "vial|vial#|vialnumber|alsvial|location|samplelocation")
        add(.well, "well|wellposition|wellname|wellid")
        add(.position, "pos|position|sampleposition")
        add(
            .injectionNumber,
            "injection|inj|inj#|injection#|injectionno|injectionnumber|injno|injnumber|injectioncount|injectionid")
        add(
            .acquired,
            "injectiondate|dateacquired|acquired|acqon|acqdatetime|acquisitiondate|acquisitiondateandtime|acquisitiondatetime|"
                + "injectiondatetime|injectiondateandtime|rundate|datetime|timestamp|dateandtime|injected|"
                + "acquisitiontime|createddate|analysisdate")
        add(.acquiredDate, "date")
        add(.acquiredTime, "injectiontime|timeofinjection")
        add(.injectionVolume, "injvolume|injectionvolume|injvol|vol|injectvolume")
        add(.signal, "signal|channel|channelname|channeldescription|detector|signalname|trace")
        add(
            .analyteName,
            "name|compoundname|compound|component|componentname|peakname|analyte|analytename|moleculename|molecule|"
                + "compoundid|substance")
        add(.analyteID, "id#")
        add(.peakNumber, "peak|#|peaknumber|peak#|peakno|peakcounter|no")
        add(.measurement(.retentionTime), "rettime|rt|retentiontime|rtime|measrettime|foundrt|peakretentiontime|retention")
        add(.measurement(.startTime), "timestart|starttime|begintime|startrt|start|itime|peakstart|startpeakretention")
        add(.measurement(.endTime), "timeend|endtime|endrt|stop|ftime|peakend|end|stoptime|endpeakretention")
        add(.measurement(.relativeRetentionTime), "rrt|relrt|relativert|relativeretentiontime|relrettime")
        add(.measurement(.retentionVolume), "retentionvolume|elutionvolume|rv")
        add(.measurement(.area), "area|peakarea|corrarea|correctedarea|areaabs|pkarea")
        add(.measurement(.height), "height|peakheight|pkheight")
        add(
            .measurement(.areaPercent),
            "area%|area(%)|area[%]|%area|pctarea|pcttotal|areapercent|relarea|relativearea%|relativearea|area%total|percentoftotal|arearel|relarea%"
        )
        add(.measurement(.heightPercent), "height%|height(%)|height[%]|%height|pctheight|relheight|heightpercent")
        add(.measurement(.relativeToLargest), "pctmax|area%bp|%max")
        add(.measurement(.baseWidth), "basewidth|baselinewidth|widthatbase")
        add(.measurement(.width), "width|peakwidth")
        add(
            .measurement(.widthAtHalfHeight),
            "fwhm|width@50%|width(50%)|widthat50%|width50%|widthathalfheight|halfwidth|peakwidth50%")
        add(.measurement(.amount), "amount|analconc|calcamount|injectedamount")
        add(
            .measurement(.concentration),
            "concentration|conc|finalconc|calcconc|calcconcentration|calculatedconcentration|conccalc")
        add(
            .measurement(.expectedConcentration),
            "expconc|expectedconc|expectedconcentration|stdconc|nominalconc|nominalconcentration")
        add(.measurement(.expectedRetentionTime), "exprettime|predrt|expectedrt|expectedretentiontime")
        add(.measurement(.response), "response|resp")
        add(.measurement(.responseFactor), "responsefactor|rf|amt/area")
        add(
            .measurement(.symmetry),
            "symmetry|symm|symmetryfactor|asymmetry|peakasymmetryvalue|assymetry|asymmetryfactor|peakasymmetry")
        add(.measurement(.tailing), "tail|tailing|usptailing|tailingfactor|uspt")
        add(
            .measurement(.plates),
            "plates|uspplatecount|platecount|plate#|theoreticalplates|numberoftheoreticalplates|plates(usp)")
        add(.measurement(.resolution), "resolution|uspresolution|rs|resolution(usp)")
        add(.measurement(.separationFactor), "sepfactor|separationfactor|selectivity")
        add(.measurement(.capacityFactor), "k'|kprime|capacityfactor|retentionfactor")
        add(.measurement(.signalToNoise), "s/n|signoise|signal/noise|snratio|signaltonoise|sn")
        add(.measurement(.massToCharge), "m/z|mz|precursormz")
        add(.measurement(.absorbance), "absorbance|abs")
        add(.measurement(.fluorescence), "fluorescence")
        add(.measurement(.mean), "mean")
        add(.measurement(.median), "median")
        add(.measurement(.standardDeviation), "sd|stddev|standarddeviation|stdev")
        add(.measurement(.coefficientOfVariation), "cv|%cv|cv%|rsd|%rsd|rsd%")
        add(.measurement(.temperature), "temperature|temp")
        add(.measurement(.pressure), "pressure")
        add(.measurement(.pH), "ph")
        add(.measurement(.conductivity), "conductivity|cond")
        add(.measurement(.flowRate), "flow|flowrate|systemflow")
        add(.measurement(.volume), "volume")
        add(.amountUnit, "amountunit|amountunits")
        add(.concentrationUnit, "concunit|concunits|concentrationunit|concentrationunits")
        add(.unit, "units|unit")
        add(.integrationCode, "inttype|integrationtype|pkty|peaktype|mark|baselinecode|pkflags")
        return fields
    }()
}
