import IngestCore
import Publishing

/// What the ledger keeps of runs or results that are being made: enough to find them when their answer is lost, the plan is
/// gone or another one by now, and the tenant gives ids of its own.
struct SentThings: Sendable {
    var things: [PlannedThing]
    /// The id of the project they are in.
    var project: String

    init(_ things: [PlannedThing], project: String) {
        self.things = things
        self.project = project
    }

    var json: JSONValue { ["project": .string(project), "things": .array(things.map(\.json))] }

    /// - Returns: `nil` for a detail that does not say it.
    init?(json: JSONValue) {
        let things = json["things"]?.elements.compactMap(PlannedThing.init(json:)) ?? []
        guard let project = json["project"]?.string, !things.isEmpty, things.count == json["things"]?.elements.count else {
            return nil
        }
        self.init(things, project: project)
    }

    /// As they were sent, where that is known.
    func asSent(_ thing: PlannedThing) -> PlannedThing { things.first { $0.record == thing.record } ?? thing }
}
