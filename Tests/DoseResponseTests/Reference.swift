import Foundation

@testable import DoseResponse

/// The reference results that lie beside the project: values to reproduce, and the data they belong to.
enum Reference {
    static let folder = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["INGEST_IC50"] ?? "../shared/ic50", isDirectory: true)
    static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "reference.json").path)

    typealias Object = [String: Any]

    // Written once and only read.
    nonisolated(unsafe) static let document: Object = {
        guard isThere, let data = try? Data(contentsOf: folder.appending(path: "reference.json")),
            let object = try? JSONSerialization.jsonObject(with: data) as? Object
        else { return [:] }
        return object
    }()

    static func cases(_ accept: (Object) -> Bool) -> [ReferenceCase] {
        (document["cases"] as? [Object] ?? []).filter(accept).map(ReferenceCase.init)
    }

    /// The curves of a data set, in the order of the file; rows without dose or response are left out.
    static func curves(_ file: String) throws -> [(name: String, curve: DoseResponseCurve)] {
        let text = try String(contentsOf: folder.appending(path: "data/" + file), encoding: .utf8)
        var rows = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let heading = rows.removeFirst()
        var result: [(name: String, curve: DoseResponseCurve)] = []
        for row in rows {
            guard let dose = Double(row[1]), let response = Double(row[2]), dose.isFinite, response.isFinite else { continue }
            if result.last?.name != row[0], !result.contains(where: { $0.name == row[0] }) {
                result.append((row[0], DoseResponseCurve(doses: [], responses: [], weights: heading.count > 3 ? [] : nil)))
            }
            guard let place = result.firstIndex(where: { $0.name == row[0] }) else { continue }
            result[place].curve.doses.append(dose)
            result[place].curve.responses.append(response)
            if heading.count > 3, let weight = Double(row[3]) { result[place].curve.weights?.append(weight) }
        }
        return result
    }
}

/// One data set and model of the reference.
struct ReferenceCase: CustomStringConvertible, @unchecked Sendable {
    let object: Reference.Object

    var id: String { object["id"] as? String ?? "" }
    var description: String { id }
    var status: String { object["status"] as? String ?? "" }
    var names: [String] { object["curves"] as? [String] ?? [] }
    var isWeighted: Bool { object["weighted"] as? Bool ?? false }
    var shared: [String] { object["shared"] as? [String] ?? [] }
    var type: String { object["type"] as? String ?? "" }
    var infimum: Double? { object["rss_infimum"] as? Double }
    var exact: Reference.Object? { object["exact"] as? Reference.Object }
    var curveStatus: [String: String] { object["curve_status"] as? [String: String] ?? [:] }

    var model: DoseResponseModel {
        let fixed = object["fixed"] as? [String: Double] ?? [:]
        let family = DoseResponseModel.Family(rawValue: object["family"] as? String ?? "") ?? .logLogistic
        return DoseResponseModel(
            family, slope: fixed["b"], bottom: fixed["c"], top: fixed["d"], location: fixed["e"],
            asymmetry: family == .logLogistic ? fixed["f"] : 1)
    }

    func curves() throws -> [(name: String, curve: DoseResponseCurve)] {
        try Reference.curves(object["data"] as? String ?? "").filter { names.contains($0.name) }.map { name, curve in
            (name, isWeighted ? curve : DoseResponseCurve(doses: curve.doses, responses: curve.responses))
        }
    }

    /// The largest dependency of any parameter: the worse it is, the fewer digits anybody can have.
    var dependency: Double {
        (exact?["parameters"] as? [Reference.Object] ?? []).compactMap { $0["dependency"] as? Double }.max() ?? 0
    }

    /// One of three tolerances: for a dependency below 0.999, up to 0.9999, beyond.
    func tolerance(_ values: (Double, Double, Double)) -> Double {
        if id.hasPrefix("syn_offset_response") { return max(1e-6, values.2) }
        return dependency < 0.999 ? values.0 : dependency <= 0.9999 ? values.1 : values.2
    }

    var isPerfect: Bool { exact?["perfect_fit"] as? Bool ?? false }
}
