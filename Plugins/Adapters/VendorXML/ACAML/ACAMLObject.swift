import IngestCore
import StreamingXML
import TabularText

/// One of the things with an id that an ACAML document is made of (a sample as it was set up, an injection as it was measured,
/// the parameters of either), as far as records need it, and what it refers to for the rest.
///
/// acaml15 keeps parameters apart and refers to them (`<AcqParam_ID id="…">`), acaml21 writes them in their place
/// (`<AcqParam>…`): both come out the same.
struct ACAMLObject {
    var name: String?
    var barcode: String?
    var role: String?
    var vial: String?
    var order: Int?
    var volume: Quantity?
    /// Ids.
    var instrument: String?
    var acquisitionMethod: String?
    var processingMethod: String?
    /// The ids of the things that say what is not said here.
    var references: [String] = []
    var extras: Extras = [:]

    /// Takes all of an element; what records have no place for becomes ``extras``.
    ///
    /// - Parameter account: Is told of what is left out; `nil` for a look ahead.
    init(_ element: Element, _ account: ReadingAccount?) {
        ACAMLBookkeeping.take(element, account)
        take(element, account)
        for child in element.children {
            switch child.name {
            case "IdentParam", "AcqParam", "DAParam": take(child, account)
            case "IdentParam_ID", "AcqParam_ID", "DAParam_ID", "SampleSetup_ID", "InjectionSetup_ID":
                if let id = child.attribute("id")?.peek { references.append(id) }
            default: break
            }
        }
        // Parameters kept apart are told as those that stand in their place.
        element.keepRest(in: &extras, under: element.name.hasSuffix("Param") ? element.name : "")
    }

    private mutating func take(_ part: Element, _ account: ReadingAccount?) {
        switch part.name {
        case "IdentParam":
            name = part.string("Name") ?? name
            barcode = part.string("Barcode") ?? barcode
        case "AcqParam":
            vial = part.string("VialNumber") ?? vial
            if let value = part.child("OrderNo")?.attribute("val") {
                if let number = Int(value.peek) {
                    value.describe()
                    order = number
                } else {
                    account?.report(value.acamlGarbled("the number of an injection"))
                }
            }
            if let value = part.child("InjectionVolume")?.acamlGarbledNumber() {
                account?.report(value.acamlGarbled("the volume of an injection"))
            }
            volume = part.child("InjectionVolume")?.acamlDescription() ?? volume
            acquisitionMethod = part.child("Method_ID")?.attribute("id")?.string() ?? acquisitionMethod
            instrument = part.child("Instrument_ID")?.attribute("id")?.string() ?? instrument
        case "DAParam":
            role = part.string("Type") ?? role
            processingMethod = part.child("Method_ID")?.attribute("id")?.string() ?? processingMethod
        default: break
        }
    }

    /// What is not said here is taken over; what is said otherwise there is kept.
    mutating func complete(with other: ACAMLObject) {
        for (heading, here, there) in [
            ("IdentParam/Name", name, other.name), ("IdentParam/Barcode", barcode, other.barcode),
            ("DAParam/Type", role, other.role),
            ("AcqParam/VialNumber", vial, other.vial), ("AcqParam/OrderNo", order.map(String.init), other.order.map(String.init)),
            ("AcqParam/InjectionVolume", volume?.written, other.volume?.written),
        ] {
            if let here, let there, here != there { extras.add(heading, there) }
        }
        name = name ?? other.name
        barcode = barcode ?? other.barcode
        role = role ?? other.role
        vial = vial ?? other.vial
        order = order ?? other.order
        volume = volume ?? other.volume
        instrument = instrument ?? other.instrument
        acquisitionMethod = acquisitionMethod ?? other.acquisitionMethod
        processingMethod = processingMethod ?? other.processingMethod
        extras.addNew(other.extras)
    }

    var sample: Sample? {
        let sample = Sample(
            name: name, barcode: barcode, role: role.map { Sample.Role(written: $0) }, roleWritten: role)
        return name == nil && barcode == nil && role == nil ? nil : sample
    }

    var position: Position? { vial.flatMap { Position(agilent: $0) } }
}

/// What holds a document together and tells nothing of a measurement.
enum ACAMLBookkeeping {
    /// Takes ids and references, which say what belongs together; ignores what repeats the kind of a thing; leaves out accounts.
    static func take(_ element: Element, _ account: ReadingAccount?) {
        element.attribute("id")?.describe()
        element.attribute("ver")?.ignore("the version of a thing in the document")
        element.attribute(ofAnyNamespace: "type")?.ignore("the kind of an element in the schema, which its name tells")
        if element.isNamed("Username") || element.isNamed("CreatedByUser"), let name = element.content,
            PrivateText.isAccount(name.peek)
        {
            name.leaveOut()
            if element.isNamed("CreatedByUser") {
                account?.report(
                    Diagnostic(
                        .note, "acaml.account", "\"CreatedByUser\" holds a Windows account, which does not go into records",
                        at: name.location, hint: "so do accounts in other places of the file, if there are any"))
            }
        }
        for child in element.children { take(child, account) }
    }

    /// When a part of the document was written, and by whom: of a peak or a compound nobody asks.
    static func ignoreInfo(_ element: Element) {
        for info in element.children("Info") { info.ignore("when and by whom a part of the document was saved") }
    }
}

extension Element {
    /// `<InjectionVolume val="5" unit="µL" />`, as a description; `nil` for none, and for a text that is no number.
    func acamlDescription() -> Quantity? {
        // What is no number is not taken, and kept as a text by whoever keeps the rest.
        guard let value = attribute("val"), let quantity = try? acamlQuantity() else { return nil }
        value.describe()
        return quantity
    }

    /// The value that should be a number and is none.
    func acamlGarbledNumber() -> XMLValue? {
        guard let value = attribute("val"), !value.isEmpty else { return nil }
        do {
            _ = try acamlQuantity()
            value.describe()
            return nil
        } catch {
            return value
        }
    }

    /// The number of `<Area val="5" unit="mAU·s" />`. A unit that is not stated is that of the format.
    /// - Throws: A ``Diagnostic`` when it is no number.
    func acamlQuantity(_ unit: StatedUnit = .none) throws -> Quantity? {
        guard let value = attribute("val") else { return nil }
        let stated = attribute("unit").flatMap { $0.string() }
        return try value.quantity(stated.map { StatedUnit(written: $0) } ?? unit)
    }
}

extension XMLValue {
    /// What is told of a description that is garbled, and kept as a text.
    func acamlGarbled(_ what: String) -> Diagnostic {
        fault(
            "acaml.setting", "\"\(peek)\" is not \(what), in \(name) of <\(element.name)>", severity: .warning,
            hint: "it is kept as a text among the extras, the results were read without it; the file was edited or damaged: "
                + "export it again")
    }
}

extension Extras {
    /// Adds those that are not there yet, word for word.
    mutating func addNew(_ others: Extras) {
        for field in others.fields where self[field.heading] != field.text { add(field.heading, field.text) }
    }
}
