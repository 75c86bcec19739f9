import IngestCore

/// What the numbers of a whole file say of its decimal mark.
struct DecimalVotes {
    /// What they say of one mark.
    struct Count {
        /// Numbers in which it can only be decimal: `4,87`, `0,125`.
        var certain = 0
        /// Numbers in which it is decimal or groups thousands: `20,114`.
        var doubtful = 0
        /// Numbers that group their thousands with it: `1,204,567`, `1,204.5`.
        var grouping = 0
        /// The first doubtful one.
        var example: String?

        var isNone: Bool { certain + doubtful + grouping == 0 }
        /// The numbers that take it for decimal.
        var all: Int { grouping > 0 && certain == 0 ? 0 : certain + doubtful }
    }

    private(set) var points = Count()
    private(set) var commas = Count()

    subscript(mark: DecimalMark) -> Count { mark == .point ? points : commas }

    init(_ source: SourceFile, encoding: TextEncoding, mark: Int, _ dialect: Dialect) throws {
        let scanner = DelimitedScanner(TextStream(source, encoding: encoding, mark: mark), dialect)
        do {
            while try scanner.next() {
                for cell in 0..<scanner.count { count(scanner.bytes(cell)) }
            }
        } catch is Diagnostic {
            // The same fault stops the reading that follows, which reports it; up to there the votes count.
        }
    }

    private mutating func count(_ text: UnsafeBufferPointer<UInt8>) {
        guard let use = NumberText.markUse(of: text) else { return }
        func add(to count: inout Count) {
            switch use {
            case .decimal: count.certain += 1
            case .either:
                count.doubtful += 1
                if count.example == nil { count.example = String(decoding: NumberText.trimmed(text), as: UTF8.self) }
            case .groups: count.grouping += 1
            }
        }
        if use.mark == .point { add(to: &points) } else { add(to: &commas) }
    }

    /// The decimal mark of the file, `nil` when it stays open, and why.
    ///
    /// The greater number settles it, and the fewer are errors. It does not where each number of the greater part may
    /// group thousands, and more than a stray one of the others cannot.
    func verdict(commaSeparates: Bool) -> (DecimalMark?, why: String) {
        var commas = commas
        // Who separates cells with commas writes points; a comma in quotes needs better evidence than "1,000".
        if commaSeparates, commas.certain == 0 { commas.doubtful = 0 }
        let (more, fewer) = points.all > commas.all ? (points, commas) : (commas, points)
        switch (points.all, commas.all) {
        case (0, 0) where points.isNone && self.commas.isNone: return (nil, "no number has a decimal mark")
        case (0, 0): return (nil, "no number shows which mark is decimal")
        case (_, 0): return (.point, "numbers have a point, none a comma")
        case (0, _): return (.comma, "numbers have a comma, none a point")
        case let (points, commas) where points == commas:
            return (nil, "\(points) numbers have a point and as many a comma")
        case let (points, commas) where more.certain == 0 && fewer.certain * 10 > more.doubtful:
            return (nil, "\(points) numbers have a point, \(commas) a comma, and the more of them may group thousands")
        case let (points, commas):
            let mark: DecimalMark = points > commas ? .point : .comma
            return (mark, "\(points) numbers have a point, \(commas) a comma; the fewer are errors")
        }
    }
}

/// What the marks of a number are for.
enum MarkUse {
    case decimal(DecimalMark), either(DecimalMark), groups(DecimalMark)

    var mark: DecimalMark {
        switch self {
        case .decimal(let mark), .either(let mark), .groups(let mark): mark
        }
    }
}

extension NumberText {
    /// What the marks of a cell that is a number are for; `nil` for one without, and for any other text.
    static func markUse(of text: UnsafeBufferPointer<UInt8>) -> MarkUse? {
        guard text.count < 40 else { return nil }
        return grouped(trimmed(text)) ?? decimalMark(of: text).map { .decimal($0) }
    }

    /// The mark that groups the thousands of a number, of which there are several groups or decimals behind.
    static func groupingMark(of text: UnsafeBufferPointer<UInt8>) -> DecimalMark? {
        if case .groups(let mark)? = grouped(trimmed(text)) { mark } else { nil }
    }

    /// Of digits in groups of three: `1,204,567` and `1,204.5` group, `20,114` may.
    private static func grouped(_ text: UnsafeBufferPointer<UInt8>) -> MarkUse? {
        var separator: UInt8?
        var groups = 0
        var digits = 0
        var hasDecimals = false
        for (index, byte) in text.enumerated() {
            if byte &- 48 < 10 {
                // Nothing groups a number that begins with a zero.
                if digits == 0, separator == nil, byte == 48 { return nil }
                digits += 1
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".") {
                if let separator {
                    guard digits == 3, !hasDecimals else { return nil }
                    groups += 1
                    // Decimals may follow the groups, behind the other mark.
                    hasDecimals = byte != separator
                } else {
                    guard (1...3).contains(digits) else { return nil }
                    separator = byte
                }
                digits = 0
            } else if index > 0 || byte != UInt8(ascii: "-") && byte != UInt8(ascii: "+") {
                return nil
            }
        }
        guard let separator, hasDecimals ? digits > 0 : digits == 3 else { return nil }
        let mark: DecimalMark = separator == UInt8(ascii: ",") ? .comma : .point
        return groups > 0 ? .groups(mark) : .either(mark)
    }
}
