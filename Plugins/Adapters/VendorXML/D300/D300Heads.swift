import IngestCore
import StreamingXML

/// What a D300 report says each dispense head dispensed, and what the wells got from it: where these agree the report is whole.
struct D300Heads {
    private struct Head {
        var declared: Double?
        var place: SourceLocation
    }

    /// By cassette and head.
    private var heads: [String: Head] = [:]
    /// What the wells got from each; the heads may be listed behind the wells.
    private var sums: [String: Double] = [:]

    private static func key(_ element: Element) -> String { "\(element.peek("Cassette"))/\(element.peek("Head"))" }

    /// - Throws: A ``Diagnostic`` at the volume that is no number; the head is listed all the same.
    mutating func declare(_ head: Element) throws {
        let key = Self.key(head)
        heads[key] = Head(declared: nil, place: head.location)
        heads[key]?.declared = try head.number("DispenseVolume")
    }

    mutating func add(_ volume: Double, of detail: Element) { sums[Self.key(detail), default: 0] += volume }

    func prove(_ document: ElementReader, _ output: AdapterOutput) {
        guard !heads.isEmpty else { return }
        let unknown = Set(sums.keys).subtracting(heads.keys)
        var areMet = unknown.isEmpty
        for (key, head) in heads.sorted(by: { $0.key < $1.key }) {
            let sum = sums[key] ?? 0
            guard let declared = head.declared else {
                areMet = false
                continue
            }
            guard !Self.agree(declared, sum) else { continue }
            areMet = false
            output.report(
                Diagnostic(
                    "d300.volume", "the head dispensed \(Self.shown(declared)), the wells add up to \(Self.shown(sum))",
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
