/// What stands in a field: an expression of the small language of `ingest.yaml`.
///
///     expression  = alternative { "or" alternative }             the first that has a value
///     alternative = quantity "in" UNIT                           converted; UNIT is UCUM, up to a blank, a comma or the end
///                 | path                                         sample.name  run.instrument.name  file.sha256  complete
///                 | function "(" … ")" | "$run" | "[" expression { "," expression } "]"
///                 | "text" | 'text' | number | "true" | "false"
///     quantity    = vocabulary name                              retentionTime  area  concentration
///                 | measurement("Symmetry (USP)")                by its name or its own heading in the file
///                 | injection.volume | signal.wavelength
///     function    = value(quantity)                              the number as stated, whatever its unit
///                 | written(quantity or time)                    the text of the cell, untouched
///                 | date(time)                                   the calendar date at the instrument, no shift of zone
///                 | datetime(time)                               needs an offset, stated or given by --time-zone
///                 | extra("Peak Type")                           a field that nothing else claims, as text
///                 | method(acquisition|processing|report) | time(started|finished|processed|reported)
///                 | json(path, flags, extras or quantity)        for json fields
///                 | blob(source|image|report|trace)              the attachment; for a list field, all of that role
///                 | blob("Report.TXT")                           the attachment of that name, such as one part of a bundle
///                 | entity(text { "," text }) [ "if known" ]     the sample with the first of these ids and names that is there
///
/// A path without `run.`, `file.` or `adapter.` in front belongs to the result: `id kind ordinal sample.* position.*
/// injection.* signal.* analyte.* flags extras at.*`. In the fields of a run only the others exist. A value that is missing,
/// a bound, or in a unit that does not convert gives way to what follows `or`.
public struct FieldExpression: Sendable, Hashable {
    /// As written, without blanks around it.
    public let text: String
    let root: ExpressionNode

    /// What the fields belong to.
    public enum Subject: Sendable, Hashable { case run, result }

    /// - Throws: ``ExpressionFaults`` with the characters at fault.
    public init(_ text: String, of subject: Subject) throws(ExpressionFaults) {
        var parser = ExpressionParser(text, subject)
        root = try parser.whole()
        self.text = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

/// What is wrong with an expression.
public struct ExpressionFaults: Error, Sendable, Hashable {
    public let faults: [Fault]

    public struct Fault: Sendable, Hashable {
        public let code: String, message: String, hint: String?
        /// In characters of the expression, from 0.
        public let range: Range<Int>
    }
}

/// A part of an expression and the characters it stands in.
struct ExpressionNode: Sendable, Hashable {
    indirect enum Kind: Sendable, Hashable {
        case path(RecordPath)
        /// A measurement by its name.
        case measurement(String)
        case converted(ExpressionNode, to: String)
        case value(ExpressionNode)
        case written(ExpressionNode)
        case date(ExpressionNode)
        case datetime(ExpressionNode)
        case extra(String)
        case method(String)
        case time(String)
        case json(ExpressionNode)
        /// By role.
        case blob(String)
        /// By name.
        case attachment(String)
        case entity([ExpressionNode], ifKnown: Bool)
        case run
        case text(String)
        case number(Double)
        case truth(Bool)
        case list([ExpressionNode])
        case alternatives([ExpressionNode])
    }

    let kind: Kind
    /// From 0.
    let range: Range<Int>
}

/// What an expression gives, as far as it shows without a record.
enum ExpressionType: String, Sendable, Hashable {
    case text = "a text", number = "a number", truth = "true or false", quantity = "a quantity with a unit", time = "a time"
    case date = "a date", datetime = "a date with time and offset", json = "JSON", entity = "an entity", blob = "a blob"
    case run = "the run", list = "a list", mixed = "values of several types"
}

extension ExpressionNode {
    var type: ExpressionType {
        switch kind {
        case .path(let path): path.type
        case .measurement: .quantity
        case .converted, .value, .number: .number
        case .written, .extra, .method, .text: .text
        case .date: .date
        case .datetime: .datetime
        case .time: .time
        case .json: .json
        case .blob, .attachment: .blob
        case .entity: .entity
        case .run: .run
        case .truth: .truth
        case .list: .list
        case .alternatives(let nodes): Set(nodes.map(\.type)).count == 1 ? nodes[0].type : .mixed
        }
    }

    /// The alternatives, or the expression alone.
    var alternatives: [ExpressionNode] { if case .alternatives(let nodes) = kind { nodes } else { [self] } }
}
