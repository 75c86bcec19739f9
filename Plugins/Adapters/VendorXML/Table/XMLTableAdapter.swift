public import IngestCore
import StreamingXML

/// Reads any XML document as a table: each element of one name is a row, whatever program wrote it.
///
///     <Report version="2">
///       <Sample name="STD-1" vial="1">
///         <Peak name="Caffeine">
///           <RetentionTime unit="min">4.871</RetentionTime>
///           <Parameter Name="Area" Value="20114.5" Unit="mAU*s"/>
///           <Quality>good</Quality>
///
/// - The user says which element is a row, `--element Peak`, or a mapping does, `element: Peak`; without that the elements
///   that repeat are listed, and nothing is read. `Peaks/Peak` and `/Report/Sample/Peak` tell elements of one name apart, and
///   so does a prefix, `a:Peak`. A row within a row belongs to the outer one.
/// - Attributes and texts of a row are fields, in the words of any chromatography vendor, as in `lc.table`. A field has its
///   own name where no other has it (`RetentionTime`), else its path (`Filter/Width`). A pair of attributes `name` and
///   `value` is a field of that name. Of fields of one name in two namespaces only that of the namespace of its element has
///   this name, the others keep their prefix (`b:Area`; `other:Area` for an attribute).
/// - A row that holds several elements with fields of their own, as a sample holds peaks, says nothing by these: their fields
///   are extras, and it is told which element to choose for rows.
/// - Each row becomes one ``ResultRecord``: a peak where there is a retention time, a compound where there is an analyte, a
///   well where there is a plate position, else what is said of a sample.
/// - Fields of unknown name are measurements under their own name when at least two thirds of the texts that the rows have in
///   them are numbers: a row with another text there is left out, and told. Otherwise they are extras, and told
///   where there are numbers among them.
/// - Units are those in an attribute `unit`, in a field such as `AreaUnit` beside `Area`, or in the brackets of a name.
/// - What the elements around a row say of its sample, position or injection is said of the row, `Sample@name` here; what
///   else they say goes to the extras of the rows inside, or of the run where there is but one such element. What stands
///   around no row is kept in the extras of the run, or behind the rows in a result without measurements.
///
/// Known from no format in particular: it is for the reports that no other adapter knows.
public struct XMLTableAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.table", version: 1, instrument: "any XML document with a repeating element")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening) else { return .no }
        // One with a DOCTYPE is refused by name when it is read.
        if start.root.name.isEmpty { return .possible(because: "it is an XML document with a DOCTYPE") }
        return .possible(because: "it is an XML document, the outermost element is <\(start.root.name)>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let (row, survey) = try survey(source)
        guard let root = survey.root else { return }
        source.account.name(format: "XML, a row for each \(row.written)")
        try await XMLTableReader(source, row: row, XMLTablePlan(survey.columns), into: output).read(root)
    }

    /// Looks which of the elements named, by the user or else by mappings, the document has: the first one counts.
    private func survey(_ source: SourceFile) throws -> (RowElement, XMLTableSurvey) {
        let names = try source.given.element.map { [$0] } ?? source.given.mappedElements()
        for row in names.compactMap(RowElement.init) {
            let survey = try XMLTableSurvey(source, row: row)
            if !survey.rows.isEmpty { return (row, survey) }
        }
        let survey = try XMLTableSurvey(source, row: nil)
        if survey.isWebPage { throw survey.webPage() }
        throw names.isEmpty ? survey.noElement() : survey.noSuchElement(names)
    }
}
