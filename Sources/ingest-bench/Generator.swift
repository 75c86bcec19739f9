import IngestPipeline

/// Writes large tables of invented numbers, the same for the same size.
struct Generator {
    let path: String
    let megabytes: Int
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(path: String, megabytes: Int) {
        self.path = path
        self.megabytes = megabytes
    }

    func write(_ kind: String) throws {
        let file = try OutputFile(path: path)
        var generator = self
        var written = 0
        var text = ""
        var row = 0
        if kind == "peaks" {
            text =
                "Sample Name,Vial,Inj,Injection Date,Channel,Peak #,Name,RT [min],Area [mAU*s],Height [mAU],Area %,"
                + "Width [min],Symmetry,Plates,S/N,Amount\r\n"
        } else {
            text =
                "\"SampleName\"\t\"Channel\"\t\"Sample Set Name\"\t\"Instrument Method Name\"\r\n"
                + "\"S-1\"\t\"PDA Ch1 254nm\"\t\"Bench\"\t\"Gradient\"\r\n"
        }
        while written < megabytes * 1_000_000 {
            while text.utf8.count < 1 << 20 {
                text += kind == "peaks" ? generator.peak(row) : generator.point(row)
                row += 1
            }
            try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
            written += text.utf8.count
            text.removeAll(keepingCapacity: true)
        }
        try file.finish()
    }

    private mutating func random(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    private mutating func decimal(_ whole: Int, _ decimals: Int) -> String {
        var power = 1
        for _ in 0..<decimals { power *= 10 }
        let digits = "\(random(power))"
        return "\(random(whole)).\(String(repeating: "0", count: decimals - digits.count))\(digits)"
    }

    private static let compounds = [
        "Caffeine", "Theobromine", "Theophylline", "Paraxanthine", "Uric acid", "Hypoxanthine", "Xanthine", "Adenine",
    ]

    private mutating func peak(_ row: Int) -> String {
        let injection = row / 8
        let peak = row % 8
        let minute = injection % 60, hour = injection / 60 % 24, day = injection / 1440 % 28 + 1
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "S-\(100_000 + injection / 2),P1-A\(injection % 12 + 1),\(injection % 2 + 1),2024-03-\(two(day)) \(two(hour)):\(two(minute)):00,"
            + "DAD1 A,\(peak + 1),\(Self.compounds[peak]),\(decimal(30, 3)),\(decimal(90_000, 3)),\(decimal(900, 3)),\(decimal(99, 4)),"
            + "\(decimal(1, 4)),\(decimal(2, 3)),\(random(20_000)),\(decimal(500, 1)),\(decimal(100, 4))\r\n"
    }

    private mutating func point(_ row: Int) -> String {
        let decimals = "\(row * 5 % 1000 + 1000)".dropFirst()
        return "\(row * 5 / 1000).\(decimals)\t\(decimal(1200, 6))\r\n"
    }
}
