import IngestCore
import TabularText

/// Which columns of a MassHunter Quantitative Analysis table belong together, told by its two header lines: groups
/// above, headings below. The name of a group stands over its first column only.
struct MassHunterQuantTable {
    enum Layout {
        /// A line per sample: `Sample`, then `<compound> Method` and `<compound> Results` for each compound.
        case wide
        /// A line per compound: `Compound Method`, then the groups of each sample, named after it.
        case transposed
    }

    /// What becomes one result of a line: a compound in a sample, or a qualifier ion of it.
    struct Finding {
        /// The words that tell a qualifier from others: `(347.3 -> 329.3)`, or its number; `nil` for the compound.
        var qualifier: String?
        var columns: Range<Int>
        var method: Range<Int>?
        var results: Range<Int>?
        /// What the cells hold; filled when all groups are known.
        var fields = MassHunterFields()
    }

    /// A compound with its qualifiers, or in the transposed table a sample with its compound and qualifiers.
    struct Block {
        var name: String
        var columns: Range<Int>
        /// The columns that describe the sample; empty in a wide table, which has them in ``shared``.
        var sample: [Int] = []
        var findings: [Finding] = []
    }

    let layout: Layout
    let header: Header
    /// The cells of a line; an empty heading at the end may belong to none of the columns.
    let width: Int
    /// The columns that all results of a line share: those of the sample, or in the transposed table of the compound.
    private(set) var shared: [Int] = []
    private(set) var blocks: [Block] = []
    let source: SourceFile
    let groupLine: Int

    /// - Parameters:
    ///   - line: The line of `groups`, for faults.
    ///   - numeric: The columns that hold numbers, judged by the rows at the beginning.
    /// - Throws: A ``Diagnostic`` that stops the file when a group cannot be placed.
    init(groups: [String], headings: [String], line: Int, numeric: Set<Int>, source: SourceFile) throws {
        let names = groups.map(\.trimmed)
        var count = headings.lastIndex { !$0.trimmed.isEmpty }.map { $0 + 1 } ?? 0
        self.source = source
        groupLine = line
        width = headings.count
        layout = names.first == "Compound Method" ? .transposed : .wide
        try MassHunterQuantTable.checkLengths(groups, headings, line, source)
        // A trailing comma makes a column of its own, without a name and without cells.
        count = max(count, 1)
        header = Header(Array(headings.prefix(count)))
        var starts = (0..<count).filter { $0 < names.count && !names[$0].isEmpty }
        if starts.first != 0 { starts.insert(0, at: 0) }
        for (index, start) in starts.enumerated() {
            let columns = start..<(index + 1 < starts.count ? starts[index + 1] : count)
            try refuseDoubled(columns, start < names.count ? names[start] : "")
            try add(start < names.count ? names[start] : "", columns)
        }
        guard !shared.isEmpty, !blocks.isEmpty else {
            throw fault(
                "masshunter.unknown-group", "no group \"Sample\" stands beside the groups of compounds",
                hint: "nothing of the file was used; export it again with the columns of the samples")
        }
        try refuseSplitCompounds()
        try refuseSplitSamples()
        tellHalves()
        tellUneven()
        tellMisplaced()
        for block in blocks.indices {
            for finding in blocks[block].findings.indices {
                blocks[block].findings[finding].fields = MassHunterFields(
                    blocks[block].findings[finding], header: header, numeric: numeric, except: blocks[block].sample)
            }
        }
    }

    /// Whether two lines are the header of such a table; the evidence, in words.
    static func evidence(groups: [String], headings: [String]) -> String? {
        let names = groups.map(\.trimmed)
        // A damaged header is recognised too: read as anybody's table, its first compound would pass for the whole.
        if names.first == "Compound Method" { return "line 1 begins with the group \"Compound Method\"" }
        if hasLostGroups(names) { return "line 1 has the headings \"Data File\" and \"Acq. Date-Time\", and others twice" }
        let group = names.first { $0.hasSuffix(" Results") } ?? names.first { $0.hasSuffix(" Method") }
        let describesSamples = !Set(headings.map(\.trimmed)).isDisjoint(with: ["Data File", "Acq. Date-Time"])
        // The name of a group stands over its first column only.
        let isGroup = names.first == "Sample" && names.count > 1 && names[1].isEmpty
        guard isGroup ? group != nil || describesSamples : group != nil && describesSamples else { return nil }
        return "line 1 has the column group \"\(group ?? "Sample")\""
    }

    // MARK: Groups

    private mutating func add(_ name: String, _ columns: Range<Int>) throws {
        if name == "Sample", layout == .wide || columns.lowerBound == 0 {
            shared += columns
        } else if name == "Compound Method", layout == .transposed {
            shared += columns
        } else if name.hasPrefix("Qualifier "), let part = Part(name) {
            try addQualifier(part.name.dropFirst("Qualifier ".count).trimmed, part.isMethod, columns, name)
        } else if layout == .transposed, !name.isEmpty {
            addSample(name, columns)
        } else if layout == .wide, let part = Part(name) {
            addCompound(part.name, part.isMethod, columns)
        } else {
            throw fault(
                "masshunter.unknown-group",
                "\"\(name)\" over column \(columns.lowerBound + 1) is no group of this table",
                hint:
                    "a group is Sample, or ends with Method or Results; nothing of the file was used: export it again, "
                    + "or compare line \(groupLine) with the instrument")
        }
    }

    /// `CE 18:1 Method` taken apart.
    private struct Part {
        var name: String
        var isMethod: Bool

        init?(_ group: String) {
            if group.hasSuffix(" Method") {
                self.init(name: String(group.dropLast(7)).trimmed, isMethod: true)
            } else if group.hasSuffix(" Results") {
                self.init(name: String(group.dropLast(8)).trimmed, isMethod: false)
            } else {
                return nil
            }
        }

        private init(name: String, isMethod: Bool) {
            self.name = name
            self.isMethod = isMethod
        }
    }

    /// Method and Results of a compound stand side by side, in either order; names may repeat.
    private mutating func addCompound(_ name: String, _ isMethod: Bool, _ columns: Range<Int>) {
        if let last = blocks.indices.last, blocks[last].name == name, blocks[last].findings.count == 1,
            blocks[last].findings[0].takes(isMethod, columns)
        {
            blocks[last].columns = blocks[last].columns.lowerBound..<columns.upperBound
        } else {
            blocks.append(Block(name: name, columns: columns, findings: [Finding(isMethod, columns)]))
        }
    }

    /// The groups of a sample share its name, and so may two samples: a second `Data File`, or a heading that the
    /// sample has already, begins another.
    private mutating func addSample(_ name: String, _ columns: Range<Int>) {
        let described = columns.filter { MassHunterSample.columns.contains(header.names[$0]) }
        let headings = Set(columns.map { header.names[$0] })
        if let last = blocks.indices.last, blocks[last].name == name, described.isEmpty,
            blocks[last].findings.allSatisfy({ $0.qualifier == nil }),
            headings.isDisjoint(with: blocks[last].columns.map { header.names[$0] })
        {
            blocks[last].columns = blocks[last].columns.lowerBound..<columns.upperBound
            if blocks[last].findings.isEmpty {
                blocks[last].findings = [Finding(false, columns)]
            } else {
                blocks[last].findings[0].extend(to: columns.upperBound)
            }
            return
        }
        var block = Block(name: name, columns: columns, sample: described)
        let found = columns.filter { !described.contains($0) }
        // Columns nobody knows are of the sample where they stand among its own.
        if described.isEmpty || found.contains(where: { MassHunterFields.isResult(header.names[$0]) }) {
            if let first = found.first, let last = found.last { block.findings = [Finding(false, first..<last + 1)] }
        } else {
            block.sample = Array(columns)
        }
        blocks.append(block)
    }

    private mutating func addQualifier(
        _ qualifier: String, _ isMethod: Bool, _ columns: Range<Int>, _ group: String
    ) throws {
        guard let last = blocks.indices.last else {
            throw fault(
                "masshunter.unknown-group", "the group \"\(group)\" stands before any compound",
                hint: "a qualifier belongs to the compound before it; nothing of the file was used: export it again")
        }
        blocks[last].columns = blocks[last].columns.lowerBound..<columns.upperBound
        let finding = blocks[last].findings.indices.last
        if let finding, blocks[last].findings[finding].qualifier == qualifier,
            blocks[last].findings[finding].takes(isMethod, columns)
        {
            return
        }
        blocks[last].findings.append(Finding(isMethod, columns, qualifier: qualifier))
    }
}

extension MassHunterQuantTable.Finding {
    init(_ isMethod: Bool, _ columns: Range<Int>, qualifier: String? = nil) {
        self.init(
            qualifier: qualifier, columns: columns, method: isMethod ? columns : nil, results: isMethod ? nil : columns)
    }

    /// Takes the other group of the same name, unless it has one of that kind.
    mutating func takes(_ isMethod: Bool, _ group: Range<Int>) -> Bool {
        guard isMethod ? method == nil : results == nil else { return false }
        if isMethod { method = group } else { results = group }
        columns = columns.lowerBound..<group.upperBound
        return true
    }

    mutating func extend(to end: Int) {
        columns = columns.lowerBound..<end
        results = (results?.lowerBound ?? columns.lowerBound)..<end
    }
}
