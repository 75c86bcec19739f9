public import IngestCore

/// The value of a field as a mapping gives it, before what only the destination knows is filled in.
public indirect enum PlannedValue: Sendable, Hashable {
    /// Ready to be sent as it is: a text, a number, a truth, a date, a dropdown option's id, JSON.
    case json(JSONValue)
    /// The run that is made from the run record of this result.
    case run
    /// The entity with this registry id, name or alias.
    case entity(EntityWish)
    /// The blob made from the attachment with this record id (`a1`).
    case blob(String)
    /// The values of a field that takes several.
    case list([PlannedValue])
}

/// A sample that has to be looked up at the destination.
public struct EntityWish: Sendable, Hashable {
    /// As written in the file.
    public var text: String
    /// The schema the field's links must have; `nil` for any.
    public var schema: String?
    /// The type of entity that the field links to, such as `custom_entity`; `nil` for any.
    public var type: String?
    /// `entity(sample.name) if known`: an unknown one leaves the field empty, and says so, where it would otherwise leave
    /// out the result.
    public var ifKnown: Bool

    public init(text: String, schema: String?, type: String? = nil, ifKnown: Bool) {
        self.type = type
        self.text = text
        self.schema = schema
        self.ifKnown = ifKnown
    }
}

/// What a mapping makes of one record.
public struct MappedFields: Sendable {
    /// By system name; a field without a value is not in it.
    public var values: [String: PlannedValue]
    /// Why the record cannot become what it is mapped to: a required field without a value, a unit that does not convert,
    /// a number beyond the field's range. Each names the cell.
    public var faults: [Diagnostic]
    /// Optional fields that stay empty although the record says something: a bound (`<0.05`) where a number is wanted.
    public var omissions: [Diagnostic]

    public init(values: [String: PlannedValue] = [:], faults: [Diagnostic] = [], omissions: [Diagnostic] = []) {
        self.values = values
        self.faults = faults
        self.omissions = omissions
    }
}
