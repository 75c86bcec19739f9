import GRDB
import IngestCore

/// A new run or result that may be stored.
struct CheckedRecord {
    var id: String, schema: String, project: String?
    var fields: FieldChecker.Outcome
    var validation: String?, comment: String?
    var verdicts: JSONValue?
}

/// Checks a list of new runs or results: each item, with all faults of all items at once.
struct RecordChecker {
    let db: Database
    let kind: RecordKind
    let caller: Caller
    let options: SandboxOptions
    private let known = Documents.Known()

    init(db: Database, kind: RecordKind, caller: Caller, options: SandboxOptions) {
        self.db = db
        self.kind = kind
        self.caller = caller
        self.options = options
    }

    /// - Throws: ``Refusal`` when any item has a fault.
    func check(_ items: [JSONValue], resultsHaveMessage: Bool = false) throws -> [CheckedRecord] {
        var faults = ItemFaults(items: Array(repeating: ItemFaults.Item(), count: items.count))
        var records: [CheckedRecord] = []
        var taken: Set<String> = []
        for (index, item) in items.enumerated() {
            var fault = ItemFaults.Item()
            if let text = shape.fault(item, at: "item \(index)") {
                fault.global = [text]
            } else {
                let id = try identifier(of: item, taken: &taken, &fault)
                let fields = try checkFields(item, &fault)
                records.append(
                    CheckedRecord(
                        id: id, schema: item["schemaId"]?.string ?? "", project: item["projectId"]?.string, fields: fields,
                        validation: item["validationStatus"]?.string, comment: item["validationComment"]?.string,
                        verdicts: item["fieldValidation"]))
            }
            faults.items[index] = fault
        }
        if !faults.isEmpty { throw faults.refusal(kind.list, shape: options.fieldFaults, withMessage: resultsHaveMessage) }
        return records
    }

    private var shape: BodyShape {
        var members: [String: BodyShape.Member] = [
            "schemaId": .required(.string()), "fields": .required(.openObject), "id": .optional(.string()),
        ]
        let verdict = [
            "validationStatus": BodyShape.Member.optional(.oneOf(["VALID", "INVALID"])),
            "validationComment": .optional(.string()),
        ]
        switch kind {
        case .run:
            members["projectId"] = .optional(.string())
            members.merge(verdict) { $1 }
        case .result:
            members["projectId"] = .optional(.nullable(.string()))
            members["fieldValidation"] = .optional(.map(.object(verdict)))
        }
        return .object(members)
    }

    private func identifier(of item: JSONValue, taken: inout Set<String>, _ fault: inout ItemFaults.Item) throws -> String {
        guard let wanted = item["id"]?.string else { return Identifier.uuid() }
        guard let id = Identifier.uuid(wanted) else {
            fault.global.append("The id \(wanted) is not a UUID")
            return wanted
        }
        guard options.keepsClientIDs else { return Identifier.uuid() }
        let isNew = taken.insert(id).inserted
        if try !isNew || Records(db).isTaken(id) {
            let message = "The id \(id) is already in use"
            switch options.duplicateID {
            case .itemFault: fault.global.append(message)
            case .oneMessage: throw Refusal.bad(message)
            case .conflict: throw Refusal(409, message)
            }
        }
        return id
    }

    private func checkFields(_ item: JSONValue, _ fault: inout ItemFaults.Item) throws -> FieldChecker.Outcome {
        if let project = item["projectId"]?.string {
            let known = try Documents(db, known: known).find(.project, project)
            if known == nil { fault.global.append("Project \(project) does not exist") }
            if known?.isArchived == true { fault.global.append("Project \(project) is archived") }
        }
        let schemaID = item["schemaId"]?.string ?? ""
        guard let schema = try Documents(db, known: known).find(kind.schemas, schemaID) else {
            fault.global.append("\(kind == .run ? "Run" : "Result") schema \(schemaID) does not exist")
            return FieldChecker.Outcome()
        }
        if schema.isArchived { fault.global.append("Schema \(schemaID) is archived") }
        let definitions = schema["fieldDefinitions"]?.elements ?? []
        let outcome = FieldChecker(db: db, caller: caller, definitions: definitions, known: known).check(
            item["fields"]?.members ?? [:])
        fault.fields = outcome.faults
        for name in item["fieldValidation"]?.members.keys.sorted() ?? [] where !definitions.contains(where: { $0.name == name }) {
            fault.global.append("fieldValidation names an unknown field \(name)")
        }
        return outcome
    }
}
