import ArgumentParser
import IngestCore
import IngestPipeline
import InstrumentAdapters

/// The options of every command that reads files.
struct ReadingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A family (lc) or one format (lc.chemstation); without it the content decides.", valueName: "name"))
    var adapter: String?

    @OptionGroup var rows: RowOptions

    @Option(help: ArgumentHelp("The order of numbers in dates: dmy, mdy or ymd.", valueName: "order"))
    var dateOrder: String?

    @Option(help: ArgumentHelp("The zone of times that state none, such as Europe/Berlin.", valueName: "zone"))
    var timeZone: String?

    @Option(help: ArgumentHelp("The decimal mark of the file: , or .", valueName: "mark"))
    var decimalMark: String?

    @Option(help: ArgumentHelp("The encoding of the file, such as windows-1250.", valueName: "name"))
    var encoding: String?

    @Option(
        help: ArgumentHelp("A text that means there is no value, such as n.d.; may be given several times.", valueName: "text"))
    var missing: [String] = []

    func wish() throws -> Detection.Wish {
        guard let adapter else { return rows.element == nil ? .anything : .format(RowOptions.adapter) }
        let names = AdapterRoster.all.map(\.identity.name)
        if names.contains(adapter) { return .format(adapter) }
        if AdapterRoster.all.contains(where: { $0.identity.family == adapter }) { return .family(adapter) }
        if adapter.contains("/") || adapter.hasSuffix(".yaml") {
            throw ValidationError("--adapter \(adapter): mappings and programs are not read by this version")
        }
        let near = NearestName.of(adapter, among: names + Set(AdapterRoster.all.map(\.identity.family)))
        throw ValidationError(
            "--adapter \(adapter): there is no such family or format"
                + (near.map { "; did you mean \($0)?" } ?? "") + " (ingest adapters lists them)")
    }

    func given() throws -> GivenAssumptions {
        var given = GivenAssumptions(missing: missing, element: rows.element)
        if let dateOrder {
            guard let order = DateOrder(rawValue: dateOrder) else {
                throw ValidationError("--date-order \(dateOrder): it is dmy, mdy or ymd")
            }
            given.dateOrder = order
        }
        if let decimalMark {
            guard let mark = DecimalMark(rawValue: decimalMark) else {
                throw ValidationError("--decimal-mark \(decimalMark): it is , or .")
            }
            given.decimalMark = mark
        }
        if let encoding {
            guard let named = TextEncoding(named: encoding) else {
                let known = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--encoding \(encoding): it is one of \(known)")
            }
            given.encoding = named
        }
        if let timeZone {
            guard let zone = ZoneRules.named(timeZone) else {
                throw ValidationError("--time-zone \(timeZone): there is no such zone; name one like Europe/Berlin or UTC")
            }
            given.timeZone = zone
        }
        return given
    }

    /// What cannot be meant with a list of files.
    static func check(_ files: [String]) throws {
        if files.contains("") { throw ValidationError("a file name is empty") }
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("- stands twice; standard input can be read once") }
    }

    /// - Parameter config: What `--config` names, where there is one.
    func ingestRun(config: String? = nil) throws -> IngestRun {
        try rows.check(adapter: adapter)
        var given = try given()
        given.mappedElements = { try RowOptions.mappedElements(config) }
        return IngestRun(adapters: AdapterRoster.all, wish: try wish(), given: given)
    }
}

/// How much is told, and in which colours; on every command.
struct TellingOptions: ParsableArguments {
    @ArgumentParser.Flag(name: .long, help: "Tell only what went wrong.")
    var quiet = false

    @ArgumentParser.Flag(name: .long, help: "Tell everything: notes, and each fault of many alike.")
    var verbose = false

    @ArgumentParser.Flag(name: .customLong("no-color"), help: "No colours, even on a terminal.")
    var noColor = false
}
