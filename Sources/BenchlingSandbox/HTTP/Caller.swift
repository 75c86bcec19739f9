import IngestCore

/// Who calls: the holder of the key, or the app.
enum Caller: String, Sendable {
    case user = "ent_user0001", app = "ent_app00001"
    /// Who made what a new tenant begins with; calls nothing.
    case administrator = "ent_admin001"

    init(stored id: String) { self = Caller(rawValue: id) ?? .administrator }

    /// As `creator` shows it.
    var summary: JSONValue {
        let (handle, name): (JSONValue, JSONValue) =
            switch self {
            case .user: ("scientist", "Sandbox Scientist")
            case .app: ("ingest-app", "Sandbox App")
            case .administrator: ("admin", "Sandbox Administrator")
            }
        return ["id": .string(rawValue), "handle": handle, "name": name]
    }
}
