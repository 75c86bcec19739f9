import IngestCore
import TabularText

/// Tells the files of a ChemStation report from one another and from any other file.
enum ChemStationFiles {
    /// The number in `REPORT01.CSV`, in any case: 0 is the header, `n` the table of signal `n`.
    static func number(of name: String) -> Int? {
        let base = baseName(name).lowercased()
        guard base.hasPrefix("report"), base.hasSuffix(".csv") else { return nil }
        let digits = base.dropFirst(6).dropLast(4)
        guard digits.count >= 2, digits.count <= 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits)
    }

    /// The printed report, which is told by its name before anything of it is known.
    static func isReport(_ name: String) -> Bool { baseName(name).lowercased() == "report.txt" }

    /// `001F0101.D/` for `001F0101.D/REPORT01.CSV`.
    static func folder(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    }

    static func baseName(_ name: String) -> String { String(name.dropFirst(folder(of: name).count)) }

    /// Keys of the header besides those of the sample and the tables.
    static let headerKeys: Set<String> = [
        "Sample Info", "Data File", "Acq. Instrument", "Analysis Method", "Method Info", "Results Created", "Acq. Method",
        "Injection Date", "Seq. Line", "Number of Signals", "Number of Columns",
    ]

    /// All keys that ChemStation is known to write, but for the numbered ones.
    static let knownKeys: Set<String> = headerKeys.union(alwaysThere).union([
        "Sequence File", "Results Created by", "Results Created", "Acq. Instrument", "Acq. Operator",
        "Number of Errors and Warnings", "Operator",
        "Sample Amount", "Multiplier", "Dilution", "Sample ID", "Barcode", "Sorted By", "unused Loc.", "Actual Inj Volume",
        "Report Title",
    ])

    /// The keys that no header lacks, whatever has a value there.
    static let alwaysThere: Set<String> = ["Sample Name", "Injection Date", "Inj", "Inj Volume", "Location"]

    /// `Report00.CSV`: the sample first, and other keys of the format below it.
    static func isHeader(_ opening: SourceOpening) -> Bool {
        let dialect = Dialect.sniffed(from: opening)
        let keys = opening.lines.prefix(80).map { dialect.cells(of: $0)[0].trimmed }
        return keys.first == "Sample Name" && Set(keys).intersection(headerKeys).count >= 3
    }

    /// `REPORT01.CSV`: no heading, and in most lines a quoted peak type among numbers.
    static func isTable(_ opening: SourceOpening) -> Bool {
        let dialect = Dialect.sniffed(from: opening)
        var lines = opening.lines.prefix(100).filter { !$0.trimmed.isEmpty }
        if lines.count > 1 { lines.removeLast() }
        guard let first = lines.first, isPeak(first, dialect) else { return false }
        return lines.count(where: { isPeak($0, dialect) }) * 2 > lines.count
    }

    /// A table that is told by its numbering from 1 alone, without a header beside it.
    static func isNumbered(_ opening: SourceOpening) -> Bool {
        Dialect.sniffed(from: opening).cells(of: opening.firstLine)[0].trimmed == "1"
    }

    /// Nothing but a byte order mark: what ChemStation writes for a signal without peaks.
    static func isBare(_ opening: SourceOpening) -> Bool {
        opening.bytes == [0xFF, 0xFE] || opening.bytes == [0xFE, 0xFF] || opening.bytes == [0xEF, 0xBB, 0xBF]
    }

    /// `1,2.824,"BB S",0.088,45713.6,7718.0,97.9`: three numbers or more with decimals among them, one peak type, at
    /// most a compound name besides.
    private static func isPeak(_ line: String, _ dialect: Dialect) -> Bool {
        guard line.hasASCII("\"") else { return false }
        let cells = dialect.cells(of: line).map(\.trimmed)
        let mark: DecimalMark = dialect.separator == UInt8(ascii: ",") ? .point : .comma
        var numbers = 0
        var others = 0
        var types = 0
        for cell in cells where !cell.isEmpty {
            let isNumber = [mark, mark.other].contains { NumberText.read(cell, mark: $0) != .fault(.notANumber) }
            if isNumber { numbers += 1 } else if isPeakType(cell) { types += 1 } else { others += 1 }
        }
        return cells.count >= 5 && numbers >= 3 && types >= 1 && others <= 2
            && cells.contains { $0.contains(".") || $0.contains(mark.rawValue) }
    }

    /// `BB`, `BV S`, `VBA`, `MM   I`.
    private static func isPeakType(_ text: String) -> Bool {
        let letters = text.prefix { $0.isASCII && $0.isUppercase }
        return (2...5).contains(letters.count) && text.count <= 8
            && letters.prefix(2).allSatisfy { "BVPMHTUFIXNSDRA".contains($0) }
            && text.dropFirst(letters.count).allSatisfy { $0 == " " || $0 == "+" || $0.isUppercase || $0.isNumber }
    }
}

/// The files of one injection: one folder, one header, a table for each signal.
struct ChemStationInjection {
    let header: SourceFile
    /// By the number of the signal.
    var tables: [Int: SourceFile] = [:]
    /// The printed report of the same injection.
    var report: SourceFile?

    /// The injections among `files`, a folder each; the printed reports of folders that have nothing else; and the names of
    /// the files that belong to none.
    /// - Throws: A ``Diagnostic`` for tables without their header.
    static func find(in files: [SourceFile], named source: SourceFile) throws -> (
        found: [ChemStationInjection], reports: [SourceFile], unread: [String]
    ) {
        var found: [ChemStationInjection] = []
        var reports: [SourceFile] = []
        var unread: [String] = []
        for folder in Set(files.map { ChemStationFiles.folder(of: $0.name) }).sorted() {
            let inside = files.filter { ChemStationFiles.folder(of: $0.name) == folder }
            let headers = inside.filter { ChemStationFiles.isHeader($0.opening) }
            let header =
                headers.first { ChemStationFiles.number(of: $0.name) == 0 } ?? (headers.count == 1 ? headers[0] : nil)
            guard let header else {
                if let table = inside.first(where: { ChemStationFiles.isTable($0.opening) || isBareTable($0) }) {
                    throw missingHeader(of: table)
                }
                for file in inside {
                    if ChemStationText.isReport(file.opening) { reports.append(file) } else { unread.append(file.name) }
                }
                continue
            }
            var injection = ChemStationInjection(header: header)
            for file in inside where file.name != header.name {
                if injection.report == nil, ChemStationText.isReport(file.opening) {
                    injection.report = file
                    continue
                }
                guard let number = ChemStationFiles.number(of: file.name), number > 0 else {
                    unread.append(file.name)
                    continue
                }
                if let other = injection.tables.updateValue(file, forKey: number) {
                    throw Diagnostic(
                        "chemstation.two-tables",
                        "\(other.name) and \(file.name) are both the table of signal \(number)", at: file.location(),
                        hint: "nothing was read; keep the one that ChemStation wrote last")
                }
            }
            found.append(injection)
        }
        guard !found.isEmpty else { throw missingHeader(of: source) }
        return (found, reports, unread)
    }

    private static func isBareTable(_ file: SourceFile) -> Bool {
        ChemStationFiles.isBare(file.opening) && ChemStationFiles.number(of: file.name) != nil
    }

    private static func missingHeader(of file: SourceFile) -> Diagnostic {
        Diagnostic(
            "chemstation.no-header",
            "Report00.CSV is missing beside this peak table: only it names the sample, the signal and the columns",
            at: file.location(),
            hint: "nothing was read; give the whole .D folder, or copy the Report00.CSV of the same folder beside this file")
    }
}
