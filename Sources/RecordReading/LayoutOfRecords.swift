import IngestCore

/// What the lines of a records file tell of the layout of the file that was read.
struct LayoutOfRecords {
    private var seen: [Key: Seen] = [:]
    private var order: [Key] = []
    private var results: [String: Int] = [:]
    private var isCut = false
    private var mark: UInt8 = UInt8(ascii: ".")
    private var facts: [Layout.Fact: String] = [:]

    private struct Key: Hashable {
        var kind: String, place: Layout.Value.Place, name: String
    }

    private struct Seen {
        var count = 0
        var unit: String?, meaning: String?
        var hasMixedUnits = false
        var decimals: Int?, written = 0
        var hasMixedDecimals = false
    }

    /// Fewer agree by chance.
    private static let fewNumbers = 5, fewResults = 3

    // MARK: Lines

    mutating func take(source: JSONValue) {
        let assumptions = source["assumptions"]
        facts[.format] = source["adapter"]?["format"]?.string
        facts[.decimalMark] = assumptions?["decimalMark"]?["value"]?.string
        facts[.dateOrder] = assumptions?["dateOrder"]?["value"]?.string
        // Plain ASCII is the same in most encodings.
        let encoding = assumptions?["encoding"]
        if encoding?["why"]?.string?.contains("ASCII") == false { facts[.encoding] = encoding?["value"]?.string }
        if facts[.decimalMark] == "," { mark = UInt8(ascii: ",") }
    }

    /// The first run that names its software speaks for all.
    mutating func take(run: JSONValue) {
        guard facts[.software] == nil, let software = run["software"] else { return }
        let words = [software["name"]?.string, software["version"]?.string].compactMap(\.self)
        if !words.isEmpty { facts[.software] = words.joined(separator: " ") }
    }

    mutating func take(result: JSONValue) {
        guard let kind = result["kind"]?.string else { return }
        results[kind, default: 0] += 1
        if case .array(let measurements)? = result["measurements"] {
            for measurement in measurements {
                guard let name = measurement["name"]?.string else { continue }
                note(Key(kind: kind, place: .measurement, name: name), measurement)
            }
        }
        guard case .object(let extras)? = result["extras"] else { return }
        // Of many in one result the order would change from file to file.
        for name in extras.keys.sorted() { note(Key(kind: kind, place: .extra, name: name), nil) }
    }

    mutating func take(trace: JSONValue) {
        guard case .array(let axes)? = trace["axes"] else { return }
        for axis in axes {
            guard let name = axis["name"]?.string else { continue }
            note(Key(kind: "trace", place: .axis, name: name), axis)
        }
    }

    private mutating func note(_ key: Key, _ quantity: JSONValue?) {
        guard let index = seen.index(forKey: key) else {
            guard order.count < Layout.mostValues else {
                isCut = true
                return
            }
            order.append(key)
            var new = Seen()
            take(quantity, into: &new)
            seen[key] = new
            return
        }
        take(quantity, into: &seen.values[index])
    }

    private func take(_ quantity: JSONValue?, into seen: inout Seen) {
        seen.count += 1
        guard let quantity else { return }
        if !seen.hasMixedUnits {
            let meaning = quantity["unit"]?.string ?? ""
            let unit = quantity["unitWritten"]?.string ?? meaning
            if let known = seen.unit, known != unit { seen.hasMixedUnits = true }
            (seen.unit, seen.meaning) = (unit, meaning)
        }
        if !seen.hasMixedDecimals, quantity["value"] != nil, let written = quantity["written"]?.string {
            let decimals = self.decimals(of: written)
            if let known = seen.decimals, known != decimals { seen.hasMixedDecimals = true }
            seen.written += 1
            seen.decimals = decimals
            if decimals == nil { seen.hasMixedDecimals = true }
        }
    }

    /// The digits behind the decimal mark; `nil` for a number with a power of ten.
    private func decimals(of written: String) -> Int? {
        var digits: Int?
        for byte in written.utf8 {
            switch byte {
            case mark: digits = 0
            case 48...57: if let count = digits { digits = count + 1 }
            case UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
            default: break
            }
        }
        return digits ?? 0
    }

    // MARK: The whole

    var layout: Layout {
        var layout = Layout()
        layout.facts = facts
        layout.isCut = isCut
        layout.values = order.map { key in
            var value = Layout.Value(kind: key.kind, place: key.place, name: String(key.name.prefix(100)))
            guard let seen = seen[key] else { return value }
            if !seen.hasMixedUnits, seen.unit != nil { (value.unit, value.meaning) = (seen.unit, seen.meaning) }
            if !seen.hasMixedDecimals, seen.written >= LayoutOfRecords.fewNumbers { value.decimals = seen.decimals }
            let results = results[key.kind] ?? 0
            value.isConstant = results >= LayoutOfRecords.fewResults && seen.count == results
            return value
        }
        return layout
    }
}
