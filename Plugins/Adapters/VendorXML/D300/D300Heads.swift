import IngestCore
import StreamingXML

/// What a D300 report says each dispense head dispensed, and what the wells got from it: where these agree the report is whole.
struct D300Heads {
    private struct Head {
        var declared: Double?
        var sum = 0.0
        var place: SourceLocation
    }

    /// By cassette and head.
    private var heads: [String: Head] = [:]
    /// Heads that wells name and the report does not.
    private var unknown: Set<String> = []

    private static func key(_ element: Element) -> String { "\(element.peek("Cassette"))/\(element.peek("Head"))" }

    mutating func declare(_ head: Element) throws {
        heads[Self.key(head)] = Head(declared: try head.number("DispenseVolume"), place: head.location)
    }

    mutating func add(_ volume: Double, of detail: Element) {
        let key = Self.key(detail)
        if heads[key] == nil { unknown.insert(key) }
        heads[key]?.sum += volume
    }

    func prove(_ document: ElementReader, _ output: AdapterOutput) {
        guard !heads.isEmpty else { return }
        var areMet = unknown.isEmpty
        for (_, head) in heads.sorted(by: { $0.key < $1.key }) {
            guard let declared = head.declared else {
                areMet = false
                continue
            }
            guard !Self.agree(declared, head.sum) else { continue }
            areMet = false
            output.report(
                Diagnostic(
                    "d300.volume", "the head dispensed \(Self.shown(declared)), the wells add up to \(Self.shown(head.sum))",
                    at: head.place, hint: "the wells were read; one is missing or was changed: export the file again"))
            output.account.contradict("the wells of a head do not add up to what it dispensed")
        }
        for head in unknown.sorted() {
            output.report(
                Diagnostic(
                    "d300.unknown-head", "wells name the cassette and head \(head), which the report does not list",
                    at: document.root.location,
                    hint: "the wells were read, and nothing shows that they are all: export the file again"))
            output.account.contradict("wells name a head that the report does not list")
        }
        if areMet {
            output.account.prove("the wells of all \(heads.count) heads add up to what they dispensed")
        }
    }

    /// Sums of decimals of at most 0.01 in the report's unit.
    static func agree(_ declared: Double, _ sum: Double) -> Bool {
        abs(declared - sum) <= 1e-6 * max(1, abs(declared))
    }

    static func shown(_ value: Double) -> String { "\((value * 1e6).rounded() / 1e6)" }
}
