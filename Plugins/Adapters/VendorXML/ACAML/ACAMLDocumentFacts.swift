import IngestCore
import StreamingXML

/// What an ACAML document says of itself, the instruments and the methods. Both looks at a document take it alike: the first
/// keeps it for the run, the second counts it.
enum ACAMLDocumentFacts {
    /// The parts of a document that are read part by part.
    static let containers: Set<String> = [
        "Content", "Resources", "SampleContexts", "SampleContextParams", "Samples", "SampleParams", "Injections",
        "InjectionParams",
    ]

    /// Takes the attributes of an element that is read part by part.
    static func takeAttributes(of open: OpenElement, _ extras: inout Extras) {
        open.attribute("id")?.describe()
        open.attribute("ver")?.ignore("the version of a thing in the document")
        open.attribute(ofAnyNamespace: "type")?.ignore("the kind of an element in the schema, which its name tells")
        open.attribute(ofAnyNamespace: "schemaLocation")?.ignore("where the schema of the file lies")
        open.keepAttributes(in: &extras)
    }

    /// Keeps an element that records have no place for.
    static func keep(_ element: Element, _ account: ReadingAccount?, _ extras: inout Extras) {
        ACAMLBookkeeping.take(element, account)
        element.keepRest(in: &extras, under: element.name)
    }

    /// Takes what is said of a document; what OpenLab writes there of an injection, with the time it was made, goes with that.
    static func takeDocument(
        _ element: Element, _ account: ReadingAccount?, _ extras: inout Extras, isPart: Bool,
        _ body: (String, Extras) -> Void = { _, _ in }
    ) {
        ACAMLBookkeeping.take(element, account)
        if !isPart {
            element.child("CreatedByUser").flatMap { $0.content }.map { if $0.isUnread { $0.describe() } }
            element.descendant("CreatedByApplication/AgilentApp")?.describe("Name", "Version")
        }
        for field in element.children("CustomField") {
            for entry in field.descendant("Xml/ArrayOfInjectionMetaData")?.children("InjectionMetaData") ?? [] {
                guard let id = entry.attribute("InjectionId")?.string() else { continue }
                entry.attribute("SampleSetupId")?.describe()
                var about: Extras = [:]
                entry.keepRest(in: &about, under: "InjectionMetaData")
                body(id, about)
            }
        }
        element.keepRest(in: &extras, under: "DocInfo")
    }

    static func takeResource(_ element: Element, _ account: ReadingAccount?, _ extras: inout Extras) {
        ACAMLBookkeeping.take(element, account)
        ACAMLBookkeeping.ignoreInfo(element)
        if element.isNamed("Instrument") {
            element.describe("Name")
            let modules = element.children("Module")
            if modules.count == 1 { modules.first?.describe("Name", "SerialNo") }
        }
        element.keepRest(in: &extras, under: element.name)
    }

    static func takeMethod(_ element: Element, _ account: ReadingAccount?, _ extras: inout Extras) {
        ACAMLBookkeeping.take(element, account)
        ACAMLBookkeeping.ignoreInfo(element)
        element.describe("Name")
        element.keepRest(in: &extras, under: "Method")
    }
}
