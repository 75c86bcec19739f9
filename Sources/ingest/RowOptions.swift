import ArgumentParser
import Benchling
import IngestCore

/// Which element of an XML document is a row of its table.
struct RowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The element of an XML document that is a row: Peak, Peaks/Peak, /Report/Sample/Peak. Without --adapter it means \
            xml.table, which without it lists the elements that repeat.
            """,
            valueName: "element"))
    var element: String?

    /// Whose rows they are.
    static let adapter = "xml.table"

    func check(adapter: String?) throws {
        guard let element else { return }
        guard element.contains(where: { $0 != "/" && !$0.isWhitespace }) else {
            throw ValidationError("--element: it is empty; name an element, such as Peak")
        }
        guard adapter == nil || adapter == Self.adapter || adapter == "xml" else {
            throw ValidationError("--element: only \(Self.adapter) asks for it, not \(adapter ?? "")")
        }
    }

    /// The elements that `ingest.yaml` names for this; asked for by files alone that need it.
    /// - Throws: A ``Diagnostic``, the first there is, when the configuration cannot be used.
    static func mappedElements(_ config: String?) throws -> [String] {
        do {
            return try IngestConfiguration.found(config).publish.first { $0.adapter == adapter }?.elements ?? []
        } catch {
            throw error.diagnostics[0]
        }
    }
}
