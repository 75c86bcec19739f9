import IngestCore
import TabularText

/// A first look over a report: its title, what its foot says, and the decimal mark of its numbers. The foot stands below
/// the peaks, but tells of the run they are of.
struct OpenLabTextSurvey {
    private(set) var run = RunRecord()
    private(set) var mark: DecimalMark?

    init(_ source: SourceFile) throws {
        let reader = try BoxReader(source, counts: false)
        var votes: [DecimalMark: (certain: Int, all: Int)] = [:]
        var columns: OpenLabTextColumns?
        while let part = try reader.next() {
            guard case .row(let row) = part, row.damage == nil else { continue }
            if row.isFirst { columns = OpenLabTextColumns(row.texts) }
            if let foot = OpenLabTextFoot(row) {
                takeFoot(foot, reader.dateOrder, source.given.timeZone)
            } else if row.isFirst, row.cells.count == 1, run.extras.isEmpty, !row.cells[0].isEmpty {
                run.extras.add("Title", PrivateText.withoutFolders(row.cells[0].text))
            } else if let columns, !row.isFirst, row.cells.count == columns.fields.count {
                for (cell, field) in zip(row.cells, columns.fields) {
                    if case .measurement = field { Self.vote(cell.number, &votes) }
                }
            }
        }
        let points = votes[.point] ?? (0, 0), commas = votes[.comma] ?? (0, 0)
        let isPoint = (points.certain, points.all) > (commas.certain, commas.all)
        let most = isPoint ? points : commas
        mark = source.given.decimalMark ?? (most.all == 0 || most.certain == 0 ? nil : isPoint ? .point : .comma)
        let choice = Assumptions.Choice(
            mark?.rawValue,
            why: source.given.decimalMark != nil
                ? "given" : "numbers of the peak tables: \(points.all) have a point, \(commas.all) a comma")
        source.account.assume { $0.decimalMark = choice }
    }

    private mutating func takeFoot(_ foot: OpenLabTextFoot, _ order: DateOrder?, _ zone: GivenTimeZone?) {
        let printed = foot.printed(order, zone)
        if run.times.isEmpty, let printed { run.times = [RunRecord.Time(.reported, printed)] }
        if run.methods.isEmpty, let template = foot.template(printed) { run.methods = [RunRecord.Method(.report, template)] }
    }

    /// One mark, with other than three digits behind it or a zero alone before it, is decimal.
    private static func vote(_ number: String, _ votes: inout [DecimalMark: (certain: Int, all: Int)]) {
        let marks = number.filter { $0 == "." || $0 == "," }
        guard marks.count == 1, let at = number.firstIndex(where: { $0 == "." || $0 == "," }),
            number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "." || $0 == "," || $0 == "-") })
        else { return }
        let mark: DecimalMark = number[at] == "." ? .point : .comma
        let isCertain = number[number.index(after: at)...].count != 3 || number[..<at] == "0"
        var count = votes[mark] ?? (0, 0)
        count.all += 1
        if isCertain { count.certain += 1 }
        votes[mark] = count
    }
}

/// The foot of a page: a row with `Page 1 of 2`, beside the report template and the time it was printed.
struct OpenLabTextFoot {
    let page: Int
    let pages: Int
    let pageCell: Int
    private let row: BoxRow

    /// `nil` for any other row.
    init?(_ row: BoxRow) {
        guard row.isFirst else { return nil }
        for (index, cell) in row.cells.enumerated() {
            let words = cell.text.split(separator: " ")
            guard words.count == 4, let page = Int(words[1]), let pages = Int(words[3]), Int(words[0]) == nil,
                Int(words[2]) == nil
            else { continue }
            (self.page, self.pages, pageCell, self.row) = (page, pages, index, row)
            return
        }
        return nil
    }

    static func isPrinted(_ text: String) -> Bool { text.hasPrefix("Printed") }

    func printed(_ order: DateOrder?, _ zone: GivenTimeZone?) -> Timestamp? {
        guard let text = row.texts.first(where: Self.isPrinted), let colon = text.firstIndex(of: ":") else { return nil }
        return Timestamp(String(text[text.index(after: colon)...]).trimmed, order: order, zone: zone)
    }

    /// What is neither the page nor a time: the report template, mostly alone.
    func template(_ printed: Timestamp?) -> String? {
        let texts = row.texts.enumerated().filter {
            $0.offset != pageCell && !$0.element.isEmpty && !(printed != nil && Self.isPrinted($0.element))
        }
        return texts.isEmpty ? nil : texts.map { PrivateText.withoutFolders($0.element) }.joined(separator: ", ")
    }
}
