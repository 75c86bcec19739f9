import IngestCore

extension FuzzTarget {
    /// A time in any spelling, in each order of day and month.
    static let timestamp = FuzzTarget("timestamp", longest: 80) { input in
        let text = String(decoding: input, as: UTF8.self)
        let open = Timestamp(text)
        for order in [nil, DateOrder.dmy, .mdy, .ymd] {
            guard let time = Timestamp(text, order: order) else { continue }
            try expectSame(time.written, text, "what is written")
            try expect((time.local == nil) == time.unsettled.contains(.dayMonth), "no day and month, and nothing said")
            try expect((time.offset == nil) == time.unsettled.contains(.zone), "no zone, and nothing said")
            if let offset = time.offset { try expect(abs(offset) <= 18 * 3600, "\(offset) s are no offset") }
            guard let local = time.local else { continue }
            try check(local)
            // A text that settles the order by itself is not overruled; with two digits nobody knows a year from a day.
            if let open, let settled = open.local, !open.unsettled.contains(.century) {
                try expect(settled == local, "\(settled) becomes \(local) with \(String(describing: order))")
            }
            let again = Timestamp(local.description)?.local
            try expect(again == local || local.year < 1900, "\(local) is read as \(again?.description ?? "nothing")")
        }
    }

    private static func check(_ local: LocalTime) throws {
        let days = [31, local.year % 4 == 0 && (local.year % 100 != 0 || local.year % 400 == 0) ? 29 : 28]
        let most = local.month == 2 ? days[1] : [4, 6, 9, 11].contains(local.month) ? 30 : days[0]
        try expect((1...12).contains(local.month) && (1...most).contains(local.day), "there is no day \(local)")
        try expect((0...9999).contains(local.year), "there is no year \(local.year)")
        try expect((local.hour == nil) == (local.minute == nil), "an hour without minutes: \(local)")
        try expect((0...24).contains(local.hour ?? 0) && (0...59).contains(local.minute ?? 0), "there is no hour \(local)")
        try expect((0...60).contains(local.second ?? 0), "there is no second \(local)")
    }
}
