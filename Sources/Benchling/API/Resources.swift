public import IngestCore

// What the API answers with, of each resource the members that are used here. Source: the published v2 OpenAPI document.

public enum SchemaKind: String, Sendable, Hashable { case run = "assay_run", result = "assay_result" }

/// A run or result schema of a tenant.
public struct AssaySchema: Sendable, Hashable {
    public var id: String, name: String, kind: SchemaKind, systemName: String?
    public var isArchived: Bool
    public var fields: [FieldDefinition]

    public init(
        id: String, name: String, kind: SchemaKind, systemName: String? = nil, isArchived: Bool = false,
        fields: [FieldDefinition]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.systemName = systemName
        self.isArchived = isArchived
        self.fields = fields
    }

    /// Whether results of it belong to runs.
    var isLinkedToRuns: Bool {
        kind == .result && !isArchived && fields.contains { $0.type == "assay_run_link" }
    }
}

public struct FieldDefinition: Sendable, Hashable {
    /// `name` is the system name: the key in `fields`.
    public var id: String, name: String, displayName: String?
    /// `text`, `long_text`, `integer`, `float`, `boolean`, `date`, `datetime`, `dropdown`, `entity_link`,
    /// `custom_entity_link`, `assay_run_link`, `assay_result_link`, `blob_link`, `json`, …
    public var type: String
    public var isRequired: Bool, isMulti: Bool, isArchived: Bool
    public var minimum: Double?, maximum: Double?
    /// For dropdowns.
    public var dropdown: String?
    /// For links: the schema the target must have; `nil` for any.
    public var schema: String?

    public init(
        id: String, name: String, displayName: String? = nil, type: String, isRequired: Bool = false,
        isMulti: Bool = false, isArchived: Bool = false, minimum: Double? = nil, maximum: Double? = nil,
        dropdown: String? = nil, schema: String? = nil
    ) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.type = type
        self.isRequired = isRequired
        self.isMulti = isMulti
        self.isArchived = isArchived
        self.minimum = minimum
        self.maximum = maximum
        self.dropdown = dropdown
        self.schema = schema
    }
}

extension FieldDefinition {
    /// What `entityType` of the target has to be: `custom_entity` for a `custom_entity_link`; `nil` for links to any entity.
    var linkedEntityType: String? {
        guard type.hasSuffix("_link"), type != "entity_link" else { return nil }
        let linked = String(type.dropLast("_link".count))
        return ["custom_entity", "dna_sequence", "rna_sequence", "aa_sequence", "dna_oligo", "rna_oligo", "mixture"]
            .first { $0 == linked }
    }
}

public struct Dropdown: Sendable, Hashable {
    public var id: String, name: String
    public var options: [Option]

    public struct Option: Sendable, Hashable {
        public var id: String, name: String, isArchived: Bool
        public init(id: String, name: String, isArchived: Bool = false) {
            self.id = id
            self.name = name
            self.isArchived = isArchived
        }
    }

    public init(id: String, name: String, options: [Option]) {
        self.id = id
        self.name = name
        self.options = options
    }
}

/// A project or a registry.
public struct NamedThing: Sendable, Hashable {
    public var id: String, name: String
    public var isArchived: Bool
    public init(id: String, name: String, isArchived: Bool = false) {
        self.id = id
        self.name = name
        self.isArchived = isArchived
    }
}

/// A registered or custom entity.
public struct Entity: Sendable, Hashable {
    public var id: String, name: String
    public var registryID: String?
    public var aliases: [String]
    public var schema: String?
    /// `custom_entity`, `dna_sequence`, …; `nil` where the answer does not say.
    public var type: String?
    public var isArchived: Bool

    public init(
        id: String, name: String, registryID: String? = nil, aliases: [String] = [], schema: String? = nil,
        type: String? = nil, isArchived: Bool = false
    ) {
        self.type = type
        self.id = id
        self.name = name
        self.registryID = registryID
        self.aliases = aliases
        self.schema = schema
        self.isArchived = isArchived
    }
}

/// What a run or a result is made of.
public struct NewRecord: Sendable, Hashable {
    /// A UUID of our own choosing, in lower case.
    public var id: String
    public var schema: String, project: String
    /// By system name; each is sent as `{"value": …}`.
    public var fields: [String: JSONValue]

    public init(id: String, schema: String, project: String, fields: [String: JSONValue]) {
        self.id = id
        self.schema = schema
        self.project = project
        self.fields = fields
    }
}

/// A run or a result as the tenant has it.
public struct StoredRecord: Sendable, Hashable {
    /// In lower case.
    public var id: String
    public var schema: String, project: String?
    /// The `value` of each field that has one.
    public var fields: [String: JSONValue]
    /// RFC 3339 as sent; `nil` where the answer has none.
    public var createdAt: String?
    /// The reason given when it was archived; `nil` for a live one.
    public var archived: String?
    /// The notebook entry it was placed in.
    public var entry: String?

    public init(
        id: String, schema: String, project: String? = nil, fields: [String: JSONValue], createdAt: String? = nil,
        archived: String? = nil, entry: String? = nil
    ) {
        self.id = id
        self.schema = schema
        self.project = project
        self.fields = fields
        self.createdAt = createdAt
        self.archived = archived
        self.entry = entry
    }
}

public enum ArchiveReason: String, Sendable, Hashable, CaseIterable {
    case archived = "Archived", madeInError = "Made in error", other = "Other"
}

public struct Blob: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable { case inProgress = "IN_PROGRESS", complete = "COMPLETE", aborted = "ABORTED" }
    public var id: String, name: String, status: Status
    public init(id: String, name: String, status: Status) {
        self.id = id
        self.name = name
        self.status = status
    }
}
