/// The parts that several kinds of lines have in common.
extension RecordLines {
    func subject(_ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?) {
        if let sample {
            object(
                ",\"sample\":",
                [
                    ("name", sample.name), ("id", sample.id), ("barcode", sample.barcode), ("batch", sample.batch),
                    ("role", sample.role?.rawValue), ("roleWritten", sample.roleWritten),
                ])
        }
        if let position {
            out.raw(",\"position\":{\"written\":")
            out.string(position.written)
            text(",\"plate\":", position.plate)
            if let row = position.row { number(",\"row\":", row) }
            if let column = position.column { number(",\"column\":", column) }
            text(",\"vial\":", position.vial)
            out.raw("}")
        }
        if let injection, injection != Injection() {
            out.raw(",\"injection\":{")
            var first = true
            func key(_ key: StaticString) {
                if !first { out.raw(",") }
                first = false
                out.raw(key)
            }
            if let ordinal = injection.ordinal {
                key("\"ordinal\":")
                out.integer(ordinal)
            }
            if let acquired = injection.acquired {
                key("\"acquired\":{")
                inside(acquired)
                out.raw("}")
            }
            if let volume = injection.volume {
                key("\"volume\":{")
                inside(volume)
                out.raw("}")
            }
            out.raw("}")
        }
        if let signal {
            let name = signal.name.flatMap { $0.isEmpty ? nil : $0 }
            guard name != nil || signal.wavelength != nil else { return }
            out.raw(",\"signal\":{")
            if let name {
                out.raw("\"name\":")
                out.string(name)
            }
            if let wavelength = signal.wavelength {
                out.raw(name == nil ? "\"wavelength\":{" : ",\"wavelength\":{")
                inside(wavelength)
                out.raw("}")
            }
            out.raw("}")
        }
    }

    func write(_ analyte: Analyte) {
        var isFirst = true
        func key(_ key: StaticString, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            out.raw(isFirst ? ",\"analyte\":{" : ",")
            isFirst = false
            out.raw(key)
            out.string(value)
        }
        key("\"name\":", analyte.name)
        key("\"id\":", analyte.id)
        key("\"role\":", analyte.role?.rawValue)
        if !isFirst { out.raw("}") }
    }

    func inside(_ quantity: Quantity) {
        out.raw("\"written\":")
        out.string(quantity.written)
        if let value = quantity.value {
            out.raw(",\"value\":")
            out.double(value)
        }
        text(",\"unit\":", quantity.unit?.code)
        text(",\"unitWritten\":", quantity.unitWritten)
        if quantity.unitIsFormats { out.raw(",\"unitSource\":\"format\"") }
        tail(quantity.bound, quantity.absent)
    }

    @inline(__always)
    func tail(_ bound: Quantity.Bound, _ absent: Quantity.Absence?) {
        if bound != .exact { text(",\"bound\":", bound.rawValue) }
        if let absent { text(",\"absent\":", absent.rawValue) }
    }

    func inside(_ time: Timestamp) {
        out.raw("\"written\":")
        out.string(time.written)
        text(",\"local\":", time.local?.description)
        text(",\"offset\":", time.offsetText)
        text(",\"offsetSource\":", time.offsetSource?.rawValue)
        if !time.unsettled.isEmpty {
            out.raw(",\"unsettled\":[")
            list(time.unsettled) { out.string($0.rawValue) }
            out.raw("]")
        }
    }

    func flags(_ flags: [Flag]) {
        guard !flags.isEmpty else { return }
        out.raw(",\"flags\":[")
        list(flags) { object("", [("code", $0.code), ("written", $0.written)]) }
        out.raw("]")
    }

    func extras(_ extras: Extras) {
        guard !extras.isEmpty else { return }
        out.raw(",\"extras\":{")
        list(extras.fields) {
            out.string($0.heading)
            out.raw(":")
            out.string($0.text)
        }
        out.raw("}")
    }

    func place(_ location: borrowing SourceLocation, field: String? = nil) {
        guard
            location.line != nil || location.path != nil || location.member != nil || location.column != nil || field != nil
        else { return }
        out.raw(",\"at\":{")
        var first = true
        func key(_ key: StaticString) {
            if !first { out.raw(",") }
            first = false
            out.raw(key)
        }
        if let member = location.member {
            key("\"member\":")
            out.string(member)
        }
        if let path = location.path {
            key("\"path\":")
            out.raw("\"")
            out.escaped(path.stem)
            ordinal(path)
            out.raw("\"")
        }
        if let line = location.line {
            key("\"line\":")
            out.integer(line)
        }
        if let column = location.column {
            key("\"column\":")
            out.integer(column)
        }
        if let field {
            key("\"field\":")
            out.string(field)
        }
        out.raw("}")
    }

    func file(_ file: FileDigest) {
        out.raw("{\"name\":")
        out.string(file.name)
        number(",\"bytes\":", file.bytes)
        text(",\"sha256\":", file.sha256)
        out.raw("}")
    }

    /// An object with those of its keys that have a value; nothing, not even `key`, when none has.
    func object(_ key: StaticString, _ pairs: [(StaticString, String?)]) {
        var first = true
        for case (let name, let value?) in pairs where !value.isEmpty {
            if first {
                out.raw(key)
                out.raw("{\"")
            } else {
                out.raw(",\"")
            }
            first = false
            out.raw(name)
            out.raw("\":")
            out.string(value)
        }
        if !first { out.raw("}") }
    }

    func list<Element>(_ elements: [Element], _ write: (Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { out.raw(",") }
            write(element)
        }
    }

    func text(_ key: StaticString, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        out.raw(key)
        out.string(value)
    }

    func number(_ key: StaticString, _ value: Int) {
        out.raw(key)
        out.integer(value)
    }
}
