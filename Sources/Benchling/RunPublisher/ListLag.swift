import FoundationEssentials
import IngestCore
import Publishing

/// How late a new object may show in the lists of a tenant that gives ids of its own.
///
/// What was sent to such a tenant, with no answer, and is not seen may have been made all the same, and sent again it would be
/// there twice: only time tells. The command that sent it looks for a while (``RunSearch/waits``) and stops; the one that goes
/// on from there looks too, and then waits until the time is over.
struct ListLag: Sendable {
    /// Seconds after which it shows, if it was made.
    static let longest = 45.0
    let pace: Pace

    /// Seconds to wait after a look of its own, by a command that finds something that an earlier one meant to send.
    ///
    /// Counted from its own beginning: when the earlier one sent it, after waits for its turn, nobody knows.
    func left(sinceIntent moment: String) -> Double {
        let rest = Self.longest - RunSearch.waits.reduce(0, +)
        // A moment that cannot be read is not known to be long ago.
        guard let date = StoredDifference.instant(moment) else { return rest }
        return pace.wallClock() - date.timeIntervalSince1970 > Double(RunSearch.longestAttempt) ? 0 : rest
    }

    func waitOut(sinceIntent moment: String, because reason: String) async throws {
        let left = left(sinceIntent: moment)
        if left > 0 { try await pace.wait(left, because: reason) }
    }
}

extension RunPublication {
    /// Ids of results may be kept where those of runs are not, and the other way.
    var resultsTenant: String { tenant.identity + "#results" }

    var lag: ListLag { ListLag(pace: client.pace) }

    /// Whether the tenant is known to give runs ids of its own.
    func choosesRunIDs() throws -> Bool { try ledger.keepsIDs(tenant: tenant.identity) == false }

    /// Whether the tenant is known, or by its runs has to be expected, to give results ids of its own.
    func choosesResultIDs() throws -> Bool { try !(ledger.keepsIDs(tenant: resultsTenant) ?? !choosesRunIDs()) }
}
