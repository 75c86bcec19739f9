import IngestCore
import Publishing

/// The samples whose field stays empty, for people: one that may be a slip has a line of its own, the others share one.
struct UnlinkedSamples {
    /// So many are named.
    private static let mostNamed = 10

    private let tenant: Tenant
    private let file: String
    private var seen: Set<EntityWish> = []
    private var unknown: [EntityWish] = []
    private var others: [PlanNote] = []

    init(tenant: Tenant, file: String) {
        self.tenant = tenant
        self.file = file
    }

    mutating func add(_ wish: EntityWish, _ finding: SampleLookup.Finding) {
        guard seen.insert(wish).inserted else { return }
        if case .unknown(near: []) = finding { return unknown.append(wish) }
        others.append(PlanNote(SampleFault.diagnostic(wish, finding, tenant, file: file, staysEmpty: true)))
    }

    var notes: [PlanNote] {
        guard !unknown.isEmpty else { return others }
        let names = unknown.prefix(Self.mostNamed).map { "\"\($0.text)\"" }.joined(separator: ", ")
        let list = unknown.count > Self.mostNamed ? "\(names) and \(unknown.count - Self.mostNamed) more" : names
        let whereTo = tenant.registry.map { "\"\($0.name)\"" } ?? tenant.destination
        let next =
            tenant.destination == Receipt.local
            ? "the tenant built in has a few to try out only" : "register them there, then run the same command again"
        let what = unknown.count == 1 ? "sample \(list) is" : "\(unknown.count) samples are"
        let named = unknown.count == 1 ? "" : " (\(list))"
        return others + [PlanNote("benchling.unknown-sample", "\(what) not in \(whereTo) and not linked\(named); \(next)")]
    }
}
