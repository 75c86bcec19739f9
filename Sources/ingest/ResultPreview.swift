import IngestCore

/// The first results as a table for people, with their units.
enum ResultPreview {
    private static let mostColumns = 7
    private static let widest = 28

    /// - Parameter width: Of the terminal it is shown at, if it is one: what does not fit beside each other is counted.
    static func table(_ results: [ResultRecord], of total: Int, width: Int?) -> String {
        guard !results.isEmpty else { return "" }
        var names: [String] = []
        for result in results {
            for measurement in result.measurements where !names.contains(measurement.name) { names.append(measurement.name) }
        }
        var count = min(mostColumns, names.count)
        var table = lines(results, Array(names.prefix(count)))
        while let width, count > 1, table.contains(where: { $0.count > width }) {
            count -= 1
            table = lines(results, Array(names.prefix(count)))
        }
        var more: [String] = []
        if total > results.count { more.append("\(total - results.count) more results") }
        if names.count > count { more.append("\(names.count - count) more columns") }
        if !more.isEmpty { table.append("  … and " + more.joined(separator: ", ")) }
        return table.map { $0 + "\n" }.joined() + "\n"
    }

    private static func lines(_ results: [ResultRecord], _ shownNames: [String]) -> [String] {
        let hasSignal = results.contains { $0.signal?.name != nil }
        let hasAnalyte = results.contains { $0.analyte?.name != nil }
        var header = ["line", "kind", "sample"]
        if hasSignal { header.append("signal") }
        if hasAnalyte { header.append("analyte") }
        var rows = [header + shownNames + (results.contains { !$0.flags.isEmpty } ? ["flags"] : [])]
        for result in results {
            var row = [
                (result.location.member.map { $0 + ":" } ?? "") + (result.location.line.map { "\($0)" } ?? ""),
                result.kind.rawValue,
                result.sample?.name ?? result.sample?.id ?? "",
            ]
            if hasSignal { row.append(result.signal?.name ?? "") }
            if hasAnalyte { row.append(result.analyte?.name ?? "") }
            for name in shownNames {
                row.append(result.measurements.first { $0.name == name }.map { Self.text($0.quantity) } ?? "")
            }
            if rows[0].last == "flags" { row.append(result.flags.map(\.code).joined(separator: " ")) }
            rows.append(row)
        }
        return aligned(rows, numbersFrom: header.count)
    }

    static func traces(_ traces: [TraceRecord], of total: Int) -> String {
        guard !traces.isEmpty else { return "" }
        var rows = [["line", "trace", "points", "axes"]]
        for trace in traces.prefix(12) {
            rows.append([
                trace.location.line.map { "\($0)" } ?? "", trace.signal?.name ?? trace.id, "\(trace.count)",
                trace.axes.map { $0.name + ($0.unit.map { " [\($0)]" } ?? "") }.joined(separator: ", "),
            ])
        }
        let more = total > 12 ? "  … and \(total - 12) more traces\n" : ""
        return aligned(rows, numbersFrom: 9, widest: 60).map { $0 + "\n" }.joined() + more + "\n"
    }

    /// The number as written with its unit; nothing for a missing one but why.
    private static func text(_ quantity: Quantity) -> String {
        if let absent = quantity.absent { return "(\(absent.rawValue))" }
        return quantity.written.trimmed + (quantity.unit.map { " " + $0.code } ?? "")
    }

    private static func aligned(_ rows: [[String]], numbersFrom first: Int, widest: Int = widest) -> [String] {
        let cells = rows.map { row in
            row.map { cell -> String in
                let plain = RunReport.printable(cell)
                return plain.count > widest ? plain.prefix(widest - 1) + "…" : plain
            }
        }
        var widths = [Int](repeating: 0, count: cells.map(\.count).max() ?? 0)
        for row in cells { for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) } }
        return cells.map { row in
            let line = row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return column >= first ? blanks + cell : cell + blanks
            }
            var text = "  " + line.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }
    }
}
