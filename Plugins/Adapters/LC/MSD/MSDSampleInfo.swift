import IngestCore
import StreamingXML
import TabularText

/// Reads `AcqData/sample_info.xml`: what MassHunter was told of the sample, a field each.
final class MSDSampleInfo {
    private let injection: MSDInjection
    private let file: SourceFile
    private var seen: Set<String> = []

    /// The fields whose values are used; MassHunter writes further ones, which differ from version to version.
    private static let used = [
        "Sample Name", "Sample ID", "Barcode", "Sample Position", "Sample Type", "Data File", "Method", "OperatorName", "AcqTime",
        "InstrumentName", "Inj Vol (µl)", "RunCompletedFlag", "Comment", "Dilution", "Level Name",
    ]
    private static let required = ["Sample Name", "Sample Position", "Data File", "Method", "AcqTime"]

    init(_ file: SourceFile, _ injection: MSDInjection) {
        self.file = file
        self.injection = injection
    }

    /// Reads the document to its end.
    /// - Returns: The place of its outermost element.
    func read() throws -> SourceLocation {
        let document = try ElementReader(file)
        let root = document.root
        let place = root.location
        while let element = try document.nextWhole(in: root) {
            if element.isNamed("Field") {
                take(element)
            } else {
                element.keepRest(in: &injection.run.extras, under: element.name)
            }
        }
        root.keepAttributes(in: &injection.run.extras)
        if injection.sample == Sample() { injection.sample = nil }
        try document.finish()
        let missing = Self.required.filter { !seen.contains($0) }
        if !missing.isEmpty {
            file.account.report(
                Diagnostic(
                    "msd.missing-field", "the fields \(missing.map { "\"\($0)\"" }.joined(separator: ", ")) are missing",
                    at: place,
                    hint: "the others were read; the file was cut or edited: copy it again"))
            file.account.contradict("fields of \(file.name) are missing")
        }
        return place
    }

    private func take(_ field: Element) {
        let name = field.peek("Name"), shown = field.peek("DisplayName")
        field.describe("Name", "DisplayName")
        // What was defined on the instrument has a number for a name.
        let isNumbered = !name.isEmpty && name.allSatisfy { $0.isASCII && $0.isNumber }
        let key = isNumbered || name.isEmpty ? shown : name
        // A translation is another text altogether; what is nearly the same was damaged.
        if !isNumbered, name != shown, NearestName.of(name, among: [shown]) != nil {
            tell(field, "msd.unknown-field", "this field is called \"\(name)\", and shown as \"\(shown)\"")
        }
        if !Self.used.contains(key), !isNumbered, let near = NearestName.of(key, among: Self.used) {
            tell(field, "msd.unknown-field", "\"\(key)\" is no field of this file, the nearest is \"\(near)\"")
        }
        if !seen.insert(key).inserted { tell(field, "msd.repeated-key", "\"\(key)\" stands twice in this file") }
        field["DataType"]?.ignore("how a value is stored")
        if let value = field["Value"], !value.isEmpty { take(key, value, field) }
        field.keepRest(in: &injection.run.extras, under: key)
    }

    private func take(_ key: String, _ value: XMLValue, _ field: Element) {
        let place = value.location
        if injection.sample == nil { injection.sample = Sample() }
        switch key {
        case "Sample Name": if let text = value.string() { injection.stateSample(text, at: place) }
        case "Sample ID": injection.sample?.id = value.string()
        case "Barcode": injection.sample?.barcode = value.string()
        case "Sample Position": if let text = value.string() { injection.stateVial(text, at: place) }
        case "Sample Type":
            let written = value.string()
            injection.sample?.roleWritten = written
            injection.sample?.role = written.map { Sample.Role(written: $0) }
        case "Data File": if let path = value.string() { injection.stateDataFile(path, at: place) }
        case "Method":
            if let path = value.string() {
                injection.run.methods.append(RunRecord.Method(.acquisition, PrivateText.fileName(path)))
            }
        case "OperatorName": if let name = value.string() { injection.stateOperator(name, at: place) }
        case "InstrumentName":
            injection.run.instrument = RunRecord.Instrument(name: value.string())
        case "AcqTime":
            keepUnlessRead(key, value) { if let time = try value.timestamp() { injection.stateAcquired(time, at: place) } }
        // A folder means nothing elsewhere.
        case "TunePath": value.ignore("a folder")
        case _ where ColumnHeading.field(key) == .injectionVolume:
            keepUnlessRead(key, value) {
                let written = field.peek("Units")
                let unit = written.isEmpty ? StatedUnit(heading: key) : StatedUnit(written: written)
                let volume = try value.quantity(unit)
                if let number = volume.value, number < 0 {
                    throw value.fault("record.impossible-value", "\"\(value.peek)\" is no possible volume", severity: .warning)
                }
                if injection.injection == nil { injection.injection = Injection() }
                injection.injection?.volume = volume
                field.describe("Units")
            }
        default:
            if key == "RunCompletedFlag", value.peek.lowercased() != "true" {
                tell(field, "msd.run-not-completed", "the run was not completed: \"\(value.peek)\"")
                file.account.doubt("\(file.name) says that the run was not completed")
            }
            if let text = value.extra() { injection.run.extras.add(key, text) }
        }
    }

    private func keepUnlessRead(_ key: String, _ value: XMLValue, _ read: () throws -> Void) {
        do {
            try read()
        } catch {
            if let text = value.extra() { injection.run.extras.add(key, text) }
            guard var diagnostic = error as? Diagnostic else { return }
            diagnostic.hint = "it was kept as text among the extras of the run"
            file.account.report(diagnostic)
        }
    }

    private func tell(_ field: Element, _ code: String, _ message: String) {
        file.account.report(
            field.fault(
                code, message, severity: .warning, hint: "the value is kept; compare the file with the instrument's own"))
    }
}
