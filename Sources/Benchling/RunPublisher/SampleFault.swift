import IngestCore

/// Says why a sample could not be linked.
enum SampleFault {
    static func diagnostic(
        _ wish: EntityWish, _ finding: SampleLookup.Finding, _ tenant: Tenant, file: String, staysEmpty: Bool
    ) -> Diagnostic {
        let place = SourceLocation(file: file)
        let whereTo = tenant.registry.map { "\"\($0.name)\"" } ?? tenant.destination
        let outcome = staysEmpty ? "the field stays empty" : "such results are left out"
        switch finding {
        case .found, .unknown([]):
            return Diagnostic(
                "benchling.unknown-sample", "sample \"\(wish.text)\" is not in \(whereTo)", at: place,
                hint: "\(outcome); register it there, then run the same command again")
        case .unknown(let near):
            return Diagnostic(
                "benchling.unknown-sample", "sample \"\(wish.text)\" is not in \(whereTo)", at: place,
                hint:
                    "\(outcome); there is \(near.map { "\"\($0)\"" }.joined(separator: ", ")): if that is meant, correct the file"
            )
        case .ambiguous(let ids):
            return Diagnostic(
                "benchling.ambiguous-sample",
                "sample \"\(wish.text)\" stands for several in \(whereTo): \(ids.joined(separator: ", "))", at: place,
                hint: "\(outcome); use the registry id in the file")
        case .unfit(let why):
            return Diagnostic(
                "benchling.unfit-sample", "sample \"\(wish.text)\" cannot be linked: \(why)", at: place,
                hint: outcome)
        }
    }
}
