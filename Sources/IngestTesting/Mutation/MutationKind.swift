/// A way in which the files of instruments break in life.
public enum MutationKind: String, Sendable, CaseIterable {
    case cutAtLineEnd, cutWithinLine, garbledCell, swappedDecimalMark, impossibleValue, duplicatedRow, missingRow,
        swappedColumns, renamedHeading, insertedColumn, changedUnit, reencoded, changedLineEnds, byteOrderMark, brokenQuotes,
        addedFooter, addedTable, dateOrder, joinedToItself

    /// In words, as data sheets show it.
    public var title: String {
        switch self {
        case .cutAtLineEnd: "cut at a line end"
        case .cutWithinLine: "cut within a line"
        case .garbledCell: "a garbled cell"
        case .swappedDecimalMark: "decimal mark swapped"
        case .impossibleValue: "an impossible value"
        case .duplicatedRow: "a row twice"
        case .missingRow: "a row missing"
        case .swappedColumns: "columns swapped"
        case .renamedHeading: "a heading renamed"
        case .insertedColumn: "a column inserted"
        case .changedUnit: "a unit changed"
        case .reencoded: "encoding changed"
        case .changedLineEnds: "line ends changed"
        case .byteOrderMark: "byte order mark"
        case .brokenQuotes: "quotes broken"
        case .addedFooter: "a footer added"
        case .addedTable: "a table added"
        case .dateOrder: "dates in another order"
        case .joinedToItself: "joined to itself"
        }
    }

    /// The largest share of silent mutants that is accepted, in percent; `nil` where none is promised, since the text that
    /// results is one that an instrument could have written.
    public var promise: Double? {
        switch self {
        case .garbledCell, .cutWithinLine, .renamedHeading, .swappedColumns, .reencoded, .swappedDecimalMark: 0
        case .cutAtLineEnd, .duplicatedRow, .missingRow: 5
        default: nil
        }
    }

    /// Why a mutant of this kind can stay silent though the reader does all it can.
    public var excuse: String {
        switch self {
        case .cutAtLineEnd, .duplicatedRow, .missingRow: "a file without a count, a total or a numbering cannot tell"
        case .impossibleValue: "what looks impossible is possible for this quantity: an area may be negative, and has no bound"
        case .changedUnit: "the file states the other unit; a change of layout is told when the ledger knows the instrument"
        case .dateOrder: "both orders are dates, and no other date of the file shows which it is"
        case .addedFooter, .addedTable, .insertedColumn: "the text that was added reads as values of its own"
        case .brokenQuotes: "quotes around nothing but text change no number"
        default: "none; this is a fault of the reader"
        }
    }

    /// It is about how many rows there are, for which the verdict of completeness stands.
    var isOfCompleteness: Bool { [.cutAtLineEnd, .duplicatedRow, .missingRow, .joinedToItself].contains(self) }

    /// A mutant of this kind may have results or measurements that the file did not have before.
    var mayAdd: Bool { self == .addedTable || self == .insertedColumn }
}
