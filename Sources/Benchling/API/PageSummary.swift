import FoundationEssentials

/// In a few words what an answer holds that is not JSON: pages of proxies, errors of an object store, nothing at all.
enum PageSummary {
    /// What is looked at of an answer, in bytes.
    private static let opening = 4096

    static func of(_ answer: HTTPAnswer) -> String {
        guard !answer.body.isEmpty else {
            return answer.headers["location"] == nil ? "an empty answer" : "a redirect to another address, which is not followed"
        }
        let text = String(decoding: answer.body.prefix(opening), as: UTF8.self)
        if let code = element("Code", in: text) {
            return element("Message", in: text).map { "\(code): \($0)" } ?? code
        }
        let isHTML = answer.headers["content-type"]?.contains("html") == true || text.lowercased().contains("<html")
        if isHTML {
            return element("title", in: text).map { "an HTML page (title \"\($0.prefix(100))\")" } ?? "an HTML page"
        }
        return "text that is not whole JSON: \"\(text.prefix(100))\""
    }

    private static func element(_ name: String, in text: String) -> String? {
        let plain = text.lowercased()
        // Where lower-casing changes the length, places in one text are not places in the other.
        guard plain.utf8.count == text.utf8.count, let open = plain.firstRange(of: "<\(name.lowercased())"),
            let begin = plain[open.upperBound...].firstIndex(of: ">"),
            let end = plain[begin...].firstRange(of: "</\(name.lowercased())>")
        else { return nil }
        let bytes = Array(text.utf8)
        let from = plain.utf8.distance(from: plain.startIndex, to: begin) + 1
        let to = plain.utf8.distance(from: plain.startIndex, to: end.lowerBound)
        return String(decoding: bytes[from..<to], as: UTF8.self)
    }
}
