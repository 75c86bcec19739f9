import IngestCore
import StreamingXML

/// Keeps settings among extras, under headings by which they can be found.
enum FACSDivaSettings {
    static func keep(_ element: Element, in extras: inout Extras, under heading: String, isSurvey: Bool = false) {
        let prefix = heading.isEmpty ? "" : heading + " "
        switch element.name {
        case "keywords": for keyword in element.children { self.keyword(keyword, in: &extras, prefix, isSurvey) }
        case "instrument_settings": settings(element, in: &extras, prefix, isSurvey)
        case "lasers":
            for laser in element.children("laser") {
                let name = laser.string("name") ?? ""
                for child in laser.children { child.keepRest(in: &extras, under: "\(prefix)laser \(name) \(child.name)") }
            }
        default: break
        }
        element.keepRest(in: &extras, under: prefix + element.name)
    }

    /// `<keyword name="CST SETUP STATUS"><value>SUCCESS</value>`.
    private static func keyword(_ keyword: Element, in extras: inout Extras, _ prefix: String, _ isSurvey: Bool) {
        let name = keyword.string("name") ?? "keyword"
        if name == "$OP", let value = keyword["value"] {
            let person = isSurvey ? value.string() : value.person("facsdiva")
            if let person, !PrivateText.isAccount(person) { extras.add(prefix + name, person) }
        } else if let value = keyword["value"]?.extra() {
            extras.add(prefix + name, value)
        }
        keyword.ignore("how keywords are shown and edited")
    }

    /// Voltages and the like by parameter, and the compensation as a coefficient for each pair of parameters.
    private static func settings(_ settings: Element, in extras: inout Extras, _ prefix: String, _ isSurvey: Bool) {
        let parameters = settings.children("parameter")
        let compensated = parameters.filter { $0.child("compensation") != nil }.map { $0.peek("name") }
        for parameter in parameters {
            let name = parameter.string("name") ?? ""
            let coefficients = parameter.inside("compensation")
            if !coefficients.isEmpty, coefficients.count != compensated.count, !isSurvey {
                settings.reader.source.account.report(
                    parameter.fault(
                        "facsdiva.compensation",
                        "\(name) has \(coefficients.count) coefficients, \(compensated.count) parameters are compensated",
                        severity: .warning,
                        hint: "they are kept by their number, for it is not known which parameters they are of"))
            }
            for (index, coefficient) in coefficients.enumerated() {
                let other = coefficients.count == compensated.count ? compensated[index] : "\(index + 1)"
                if let text = coefficient.content?.extra() { extras.add("\(prefix)\(name) compensation \(other)", text) }
            }
            if let type = parameter["type"]?.extra() { extras.add("\(prefix)\(name) type", type) }
            for child in parameter.children { child.keepRest(in: &extras, under: "\(prefix)\(name) \(child.name)") }
        }
    }
}
