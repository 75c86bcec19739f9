import IngestCore
import StreamingXML
import TabularText

/// An injection as it was measured, and what its results say beside their peaks.
struct ACAMLInjection {
    private(set) var isMeasured = false
    private(set) var acquired: Timestamp?
    private(set) var volume: Quantity?
    /// The file that holds its results, where they are in another one.
    private(set) var resultFile: String?
    /// The id of the method that its results were made with.
    var processingMethod: String?
    /// What its results refer to.
    var references: [String] = []
    /// What is said of the injection and its results in other places of the documents.
    var resultExtras: Extras = [:]
    /// The peaks of its results; `nil` when there are no results.
    var peaks: Int?

    mutating func take(_ element: Element) {
        isMeasured = true
        if let date = element.descendant("Info/CreatedDate")?.content, !date.peek.hasPrefix("0001-") {
            acquired = Timestamp(date.peek)
        }
        volume = element.child("InjectionVolume")?.acamlDescription()
        resultFile = element["ExternalResultPath"]?.fileName()
    }

    /// `DAD1A,Sig=254,4  Ref=360,100`, `FID1 A, Front Signal`
    static func signal(_ element: Element) -> Signal {
        let parts = element.peek("Description").split(separator: ",", maxSplits: 1).map { $0.trimmed }
        let name = element.peek("Name")
        return Signal(
            name: name.isEmpty ? parts.first : name,
            wavelength: parts.count > 1 ? Quantity(agilentSignal: parts[1]) : nil)
    }
}

/// What the results of an injection say beside their peaks and compounds.
struct ACAMLResultFacts {
    private(set) var injection: String?
    private(set) var method: String?
    private(set) var references: [String] = []
    var extras: Extras = [:]
    var peaks = 0

    /// Takes all of an element of the results of one signal.
    mutating func keep(_ element: Element, _ account: ReadingAccount?) {
        ACAMLBookkeeping.take(element, account)
        element.keepRest(in: &extras, under: "Result/SignalResult/" + element.name)
    }

    /// Takes all of an element.
    mutating func take(_ element: Element, _ account: ReadingAccount?) {
        ACAMLBookkeeping.take(element, account)
        switch element.name {
        case "InjectionMeasData_ID": injection = element.attribute("id")?.peek
        case "DAParam": method = element.child("Method_ID")?.attribute("id")?.peek
        case "DAParam_ID", "InjectionSetup_ID": if let id = element.attribute("id")?.peek { references.append(id) }
        default: break
        }
        element.keepRest(in: &extras, under: "Result/" + element.name)
    }
}
