import IngestCore
import StreamingXML
import TabularText

/// Makes the results of injections: each as a finding of its own, with all that is said of it and its sample, and what every
/// peak of it has in common.
final class ACAMLFindings {
    private let index: ACAMLIndex
    private let account: ReadingAccount
    /// What the results of the injection at hand have in common.
    private var common: (id: String, sample: Sample?, position: Position?, injection: Injection?)?

    init(_ index: ACAMLIndex, _ account: ReadingAccount) {
        self.index = index
        self.account = account
    }

    /// A result of an injection, as far as the injection tells it.
    func result(_ kind: ResultRecord.Kind, of id: String, at location: SourceLocation) -> ResultRecord {
        if common?.id != id {
            let sample = index.sample(of: id)
            var injection: Injection?
            if let about = index.injections[id], about.isMeasured {
                injection = Injection(
                    ordinal: index.injection(id)?.order, acquired: about.acquired, volume: about.volume ?? sample?.volume)
            }
            common = (id, sample?.sample, sample?.position, injection)
        }
        return ResultRecord(
            kind: kind, sample: common?.sample, position: common?.position, injection: common?.injection, measurements: [],
            location: location)
    }

    /// An injection, from `<MeasData>`; takes all of it.
    func injection(_ element: Element) -> ResultRecord {
        let id = element.attribute("id")?.peek ?? ""
        var result = result(.sample, of: id, at: element.location)
        result.ordinal = 1
        result.extras.add("InjectionMeasData@id", id)
        ACAMLBookkeeping.take(element, account)
        takeSignals(element, &result)
        takeDiagnosis(element, &result)
        if let value = element.child("InjectionVolume")?.acamlGarbledNumber() {
            account.report(value.acamlGarbled("the volume of an injection"))
        }
        element.child("InjectionVolume")?.describe("unit")
        element["ExternalResultPath"]?.describe()
        element.descendant("Info/CreatedDate")?.content?.describe()
        result.extras.addNew(ACAMLObject(element, account).extras)
        complete(&result, id)
        return result
    }

    /// The results of an injection that is in none of the documents, as a finding.
    func results(of id: String, at place: SourceLocation) -> ResultRecord {
        var result = result(.sample, of: id, at: place)
        result.ordinal = 1
        complete(&result, id)
        return result
    }

    /// A sample that was set up and not injected.
    func notInjected(_ object: ACAMLObject, at place: SourceLocation) -> ResultRecord {
        var result = ResultRecord(
            kind: .sample, ordinal: 1, sample: object.sample, position: object.position, measurements: [],
            flags: [Flag("notInjected")], location: place)
        add(object, to: &result)
        result.extras = result.extras.withoutFolders
        return result
    }

    private func complete(_ result: inout ResultRecord, _ id: String) {
        let about = index.injections[id]
        result.extras.addNew(index.injection(id)?.extras ?? [:])
        if let sample = index.sample(of: id) { add(sample, to: &result) }
        result.extras.addNew(about?.resultExtras ?? [:])
        result.extras = result.extras.withoutFolders
        if about?.peaks == nil { result.flags.append(Flag("noResults")) }
        if about?.peaks == 0 { result.flags.append(Flag("noPeaks")) }
    }

    private func add(_ sample: ACAMLObject, to result: inout ResultRecord) {
        if let order = sample.order { result.extras.add("Sample/AcqParam/OrderNo", String(order)) }
        for field in sample.extras.fields { result.extras.add("Sample/" + field.heading, field.text) }
    }

    // MARK: Parts of an injection

    private func takeSignals(_ element: Element, _ result: inout ResultRecord) {
        for signal in element.children("Signal") {
            ACAMLBookkeeping.ignoreInfo(signal)
            let name = signal.string("Name") ?? "\(signal.ordinal)"
            signal.keepRest(in: &result.extras, under: "Signal " + name)
        }
    }

    /// `<CustomField Name="Quat. Pump : 1"><CustomField Name="RunStart_Pressure_Actual"><Value unit="bar">126.28</Value>`:
    /// what has a unit is measured.
    private func takeDiagnosis(_ element: Element, _ result: inout ResultRecord) {
        for item in element.child("DiagnosticData")?.children("Item") ?? [] {
            item.describe("Name")
            for device in item.children("CustomField") {
                device.describe("Name", "Description")
                for field in device.children("CustomField") {
                    field.describe("Name", "Description")
                    let heading = device.peek("Name") + "/" + field.peek("Name")
                    guard let child = field.child("Value") else { continue }
                    let unit = child.attribute("unit").flatMap { $0.string() }.map { StatedUnit(written: $0) }
                    guard let value = child.content else {
                        if let unit { result.measurements.append(Measurement(own: heading, .empty(unit))) }
                        continue
                    }
                    if let unit, let quantity = value.setting("acaml", unit, orKeptIn: &result.extras) {
                        result.measurements.append(Measurement(own: heading, quantity))
                    } else if value.isUnread, let text = value.extra() {
                        result.extras.add(heading, text)
                    }
                }
            }
        }
    }
}
