import IngestCore

/// What the Allotrope model has no field for, on its way into a `custom information document`: nothing of a record is
/// dropped because a model lacks a name for it.
///
/// Keys stay distinct: a second `Note` becomes `Note (2)`. Empty text is left out, as in records.
struct CustomInformation {
    private enum Value {
        case text(String)
        case number(Double, unit: String)
        case count(Int, unit: String)
        case list([[(String, String)]])
    }

    private var fields: [(key: String, value: Value)] = []
    private var taken: Set<String> = []

    var isEmpty: Bool { fields.isEmpty }

    mutating func add(_ key: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        append(key, .text(text))
    }

    mutating func add(_ key: String, count: Int, unit: String = "#") { append(key, .count(count, unit: unit)) }

    mutating func add(_ key: String, _ objects: [[(String, String?)]]) {
        guard !objects.isEmpty else { return }
        append(key, .list(objects.map { $0.compactMap { key, text in text.map { (key, $0) } } }))
    }

    /// A quantity under its name; one that only bounds the value under `<name> below` or `<name> above`; one without a
    /// value as the reason for it, `<name> absent`, with the text of the cell.
    mutating func add(_ name: String, _ quantity: Quantity, _ place: AllotropeNames.Place? = nil) {
        if let value = quantity.value {
            let suffix = quantity.bound == .exact ? "" : " " + quantity.bound.rawValue
            let unit = place?.unit ?? AllotropeNames.unit(of: quantity)
            append(name + suffix, .number(place?.converted(value) ?? value, unit: unit))
            return
        }
        add(name + " absent", quantity.absent?.rawValue)
        add(name + " written", quantity.written.trimmed)
    }

    /// A time as written, as ISO 8601 where it is settled, and what of it is not.
    mutating func add(_ name: String, _ time: Timestamp, isField: Bool = false) {
        if !isField { add(name, time.dateTime ?? time.local?.description) }
        add(name + " written", time.written)
        add(name + " unsettled", time.unsettled.map(\.rawValue).joined(separator: ", "))
    }

    mutating func add(_ flags: [Flag]) { add("flags", flags.map { [("code", $0.code), ("written", $0.written)] }) }

    mutating func add(_ extras: Extras) { for field in extras.fields { add(field.heading, field.text) } }

    mutating func add(_ analyte: Analyte?, withName: Bool) {
        if withName { add("written name", analyte?.name) }
        add("analyte identifier", analyte?.id)
        add("analyte role", analyte?.role?.rawValue)
    }

    private mutating func append(_ key: String, _ value: Value) {
        var name = key
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(key) (\(number))"
            number += 1
        }
        fields.append((name, value))
    }

    /// Writes `"custom information document":{…}`; nothing when there is nothing to say.
    func write(to json: JSONStream) {
        guard !isEmpty else { return }
        json.key("custom information document")
        json.beginObject()
        writeFields(to: json)
        json.end()
    }

    func writeFields(to json: JSONStream) {
        for field in fields {
            json.key(field.key)
            switch field.value {
            case .text(let text): json.string(text)
            case .number(let value, let unit): json.quantity(value, unit)
            case .count(let value, let unit): json.quantity(value, unit)
            case .list(let objects):
                json.beginArray()
                for object in objects {
                    json.beginObject()
                    for (key, text) in object {
                        json.key(key)
                        json.string(text)
                    }
                    json.end()
                }
                json.end()
            }
        }
    }
}

extension Timestamp {
    /// The instant in ISO 8601 with seconds and offset, as the model asks for it; `nil` while the time, the order of day
    /// and month or the zone is open.
    var dateTime: String? {
        guard let local, local.hour != nil, local.minute != nil, let offsetText else { return nil }
        return local.description + (local.second == nil ? ":00" : "") + offsetText
    }
}
