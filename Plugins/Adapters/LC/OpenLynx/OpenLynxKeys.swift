import IngestCore
import TabularText

/// The keys each section has: one that is not known, stands twice or is missing is told, once for the file.
struct OpenLynxKeys {
    private var told: Set<String> = []

    static func always(_ section: OpenLynxSection) -> [String] {
        switch section {
        case .sample:
            [
                "Sample", "Well", "FileName", "SampleID", "Date", "Time", "JobCode", "UserName", "Instrument", "SampleType",
                "Method", "InjectionVolume",
            ]
        case .function: ["Function", "IonMode", "Type", "Description"]
        case .spectrum: ["ProcDesc", "Peak ID", "Peak Ref", "Time", "TIC", "BPI", "BPM", "Continuum"]
        case .chromatogram: ["Description", "MaxIntensity"]
        case .peak:
            ["Peak ID", "Peak Ref", "Time", "Peak", "Intensity", "Height", "AreaAbs", "Area %BP", "Area %Total", "Width"]
        default: []
        }
    }

    private static func sometimes(_ section: OpenLynxSection) -> [String] {
        switch section {
        case .sample:
            [
                "SampleDescription", "TaskCode", "LabName", "Conditions", "Submitter", "Plate", "QCBatchName",
                "QCFileName", "QCDate", "QCTime", "QCStatus", "QCReason1", "QCReason2", "Process", "MSTune", "MSMethod",
                "InletMethod", "PreRunMethod", "PostRunMethod", "SwitchMethod", "FractionMethod", "AcquisitionProcess",
                "AcquisitionProcessParameters", "AcquisitionProcessOptions", "ReportScheme", "SampleReportEnable",
                "SampleReportFormat", "AnalysisTime", "ColumnName", "Spare1", "Spare2", "Spare3", "Spare4", "Spare5",
            ]
        case .spectrum: ["State", "Saved"]
        case .chromatogram: ["TraceNumber", "ProcDesc"]
        case .peak: ["Response Test"]
        default: []
        }
    }

    /// Keys that always have a value.
    private static func filled(_ section: OpenLynxSection) -> [String] {
        switch section {
        case .sample: ["Sample", "Well", "Date", "Time", "InjectionVolume"]
        case .function: ["Function", "Type"]
        case .spectrum: ["Peak ID", "Time", "TIC", "BPI", "BPM"]
        case .chromatogram, .peak: always(section)
        default: []
        }
    }

    /// How many values stand behind a key.
    private static func values(_ key: String, _ section: OpenLynxSection) -> Int {
        section == .peak && (key == "Peak" || key == "Intensity") ? 2 : 1
    }

    /// Tells of a key when its line is read.
    /// - Parameter earlier: The keys above it in the same section.
    mutating func look(_ key: String, after earlier: Set<String>, in section: OpenLynxSection, _ row: Row) {
        lookAtValues(of: key, in: section, row)
        if earlier.contains(key) {
            guard told.insert("2 \(section) \(key)").inserted else { return }
            row.source.account.report(
                row.fault(
                    "openlynx.repeated-field", "\"\(key)\" stands twice in this [\(section.rawValue)]", at: 0,
                    hint: "the first was read, the other kept as text; the file was edited: export it again"))
            row.source.account.contradict("\(key) stands twice in line \(row.line)")
        } else if !Self.always(section).contains(key), !Self.sometimes(section).contains(key) {
            guard told.insert("? \(section) \(key)").inserted else { return }
            let near = NearestName.of(key, among: Self.always(section) + Self.sometimes(section))
            row.source.account.report(
                row.fault(
                    "openlynx.unknown-field",
                    "\"\(key)\" is no field of [\(section.rawValue)] that is known"
                        + (near.map { "; perhaps \"\($0)\" is meant" } ?? ""), at: 0, severity: .warning,
                    hint: "it was kept as text, wherever it stands"))
        }
    }

    private mutating func lookAtValues(of key: String, in section: OpenLynxSection, _ row: Row) {
        let expected = Self.values(key, section)
        let count = (1..<max(1, row.count)).count { !row.isEmpty($0) }
        guard count > expected || count < expected && Self.filled(section).contains(key) else { return }
        row.source.account.doubt("\(key) has \(count) values in line \(row.line)")
        guard told.insert("# \(section) \(key) \(count)").inserted else { return }
        row.source.account.report(
            row.fault(
                "openlynx.values",
                "\"\(key)\" has \(count == 0 ? "no value" : "\(count) values") here, where \(expected == 1 ? "one stands" : "two stand")",
                at: min(row.count, expected + (count > expected ? 1 : 0)), severity: .warning,
                hint: "what is there was read; further lines like it are not told: compare the file with the instrument"))
    }

    /// The keys that are missing of a section that has been read.
    mutating func missing(
        _ keys: Set<String>, of section: OpenLynxSection, at location: SourceLocation, _ account: ReadingAccount
    )
        -> [String]
    {
        let missing = Self.always(section).filter { !keys.contains($0) }
        guard !missing.isEmpty else { return [] }
        account.doubt("[\(section.rawValue)] in line \(location.line ?? 0) lacks " + missing.joined(separator: ", "))
        guard told.insert("- \(section) \(missing)").inserted else { return missing }
        account.report(
            Diagnostic(
                .warning, "openlynx.missing-field",
                "this [\(section.rawValue)] has no " + missing.map { "\"\($0)\"" }.joined(separator: ", "), at: location,
                hint: "what is there was read; further sections without them are not told: export the file again"))
        return missing
    }
}
