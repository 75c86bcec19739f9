import Foundation
import IngestCore

/// The rules of time zones, from the system's data base.
enum ZoneRules {
    static func named(_ name: String) -> GivenTimeZone? {
        guard let zone = TimeZone(identifier: name) else { return nil }
        return GivenTimeZone(name: name) { offset(of: zone, at: $0) }
    }

    /// The offset of a zone at a local time; `nil` for a time that clocks skipped or showed twice.
    private static func offset(of zone: TimeZone, at local: LocalTime) -> Int? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? zone
        let parts = DateComponents(
            year: local.year, month: local.month, day: local.day, hour: local.hour ?? 0, minute: local.minute ?? 0,
            second: local.second ?? 0)
        guard let asIfUTC = calendar.date(from: parts) else { return nil }
        // An offset is right when the instant it leads to has that offset; a day around covers every change of clocks.
        var fitting: Set<Int> = []
        for probe in [-86_400.0, 0, 86_400] {
            let offset = zone.secondsFromGMT(for: asIfUTC.addingTimeInterval(probe))
            if zone.secondsFromGMT(for: asIfUTC.addingTimeInterval(Double(-offset))) == offset { fitting.insert(offset) }
        }
        return fitting.count == 1 ? fitting.first : nil
    }
}
