import IngestCore
import StreamingXML

/// What an export says of the run as a whole: `Result.xml`, the documents in zips, the evaluation log.
struct UNICORNRunInformation {
    var run = RunRecord(instrument: .init(vendor: "Cytiva"), software: .init(name: "UNICORN"))
    private(set) var sample: Sample?
    private let files: UNICORNFiles

    init(_ files: UNICORNFiles) { self.files = files }

    mutating func read(_ output: AdapterOutput) throws {
        if let file = files.file("Result.xml") { try readResult(file) }
        for name in files.documents {
            do {
                try readDocument(name, output)
            } catch let fault as Diagnostic where fault.code == "unicorn.serialized" {
                output.report(fault)
                output.account.contradict("\(name) cannot be read")
            }
        }
        if let file = files.file("EvaluationLog.xml") { try keepAll(of: file) }
        run.extras = run.extras.withoutFolders
    }

    private mutating func readResult(_ file: SourceFile) throws {
        let document = try ElementReader(file)
        if let root = try document.wholeRoot() {
            run.name = root.string("Name")
            run.instrument?.name = root.string("SystemName")
            run.instrument?.model = root.string("SystemTypeName")
            let batch = root.string("BatchId")
            if batch != nil { sample = Sample(batch: batch) }
            for information in root.children("ResultRunInformation") { takeInformation(information) }
            for criterion in root.child("ResultSearchCriterias")?.children("ResultSearchCriteria") ?? [] {
                takeCriterion(criterion)
            }
            Self.settlePrivate(root)
            root.keepRest(in: &run.extras, under: "Result")
        }
        try document.finish()
    }

    private mutating func takeInformation(_ information: Element) {
        guard let type = information.string("RunInformationType"), let value = information["RunInformation"] else { return }
        if type == "RunStartDate" {
            if let time = value.time("unicorn", orKeptIn: &run.extras) { run.times.append(.init(.started, time)) }
        } else if let text = value.extra() {
            run.extras.add(type, text)
        }
    }

    /// A variable of the method or an answer to one of its questions, under its own name.
    private mutating func takeCriterion(_ criterion: Element) {
        guard let key = criterion.string("Keyword1") else { return }
        criterion.describe("Name")
        if key == "Sample_ID", sample?.id == nil, let id = criterion.string("Keyword2") {
            sample = Sample(id: id, batch: sample?.batch)
            return
        }
        if let value = criterion["Keyword2"]?.extra() { run.extras.add(key, value) }
        if let unit = criterion["ExtraDisplayInformation"]?.extra() { run.extras.add(key + " unit", unit) }
    }

    /// `MethodData.zip` holds its document as a text in a serialized string; a blank stands for none.
    private mutating func readDocument(_ name: String, _ output: AdapterOutput) throws {
        guard let file = files.file("Xml", in: name) else { return }
        _ = files.file("XmlDataType", in: name)
        let (text, stated) = try DotNetValue.string(file)
        if stated != text.count {
            output.report(
                Diagnostic(
                    "unicorn.text-length", "\(name) states a text of \(stated) bytes and holds \(text.count)",
                    at: file.location(),
                    hint: "what is there was read; the export was changed or cut: export the result again"))
            output.account.contradict("\(name) states a text of \(stated) bytes and holds \(text.count)")
        }
        guard text.contains(where: { $0 > 32 }) else { return }
        let document = SourceFile(
            name: file.name, digest: file.digest, content: .bytes(Array(text)),
            opening: SourceOpening(name: file.name, bytes: Array(text.prefix(SourceOpening.length))),
            given: file.given, account: file.account, bundleName: file.bundleName)
        try keepAll(of: document)
    }

    private mutating func keepAll(of file: SourceFile) throws {
        let document = try ElementReader(file)
        if let root = try document.wholeRoot() {
            if root.isNamed("StrategyInformation") {
                root.ignore("limits and defaults of the control software")
            }
            Self.settlePrivate(root)
            root.keepRest(in: &run.extras, under: root.name)
        }
        try document.finish()
    }

    /// Names of computers and folders mean nothing elsewhere; an account of Windows is no name of a person.
    private static func settlePrivate(_ element: Element) {
        for child in element.children {
            switch child.name {
            case "ComputerName", "FolderPath", "ControlUnitPath": child.ignore("names of computers and folders")
            case "Operator", "CreatedBy", "LastModifiedBy":
                if let value = child.content, PrivateText.isAccount(value.peek) { _ = value.person("unicorn") }
            default: settlePrivate(child)
            }
        }
    }
}

/// `Manifest.xml` lists every file of the export.
enum UNICORNManifest {
    static func check(_ files: UNICORNFiles, _ output: AdapterOutput) throws {
        guard let file = files.file("Manifest.xml") else { return }
        let document = try ElementReader(file)
        document.root.element.ignore("check sums of an unknown kind")
        var missing: [String] = []
        var listed = 0
        while let details = try document.nextWhole(in: document.root) {
            if let name = details.string("FileName") {
                listed += 1
                if !files.has(name) { missing.append(name) }
            }
            details.describe("FileType")
            details.ignore("check sums of an unknown kind")
        }
        try document.finish()
        guard !missing.isEmpty else {
            output.account.prove("Manifest.xml lists \(listed) files, which are all there")
            return
        }
        let others = missing.count > 5 ? " and \(missing.count - 5) more" : ""
        output.report(
            Diagnostic(
                "unicorn.missing-file",
                "the manifest lists files that are not there: " + missing.prefix(5).joined(separator: ", ") + others,
                at: file.location(),
                hint: "the others were read; export the result again, and give the zip as it was written"))
        output.account.contradict("Manifest.xml lists \(listed) files, \(missing.count) of which are not there")
    }
}
