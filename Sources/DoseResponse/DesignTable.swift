/// What the coarse search needs of doses and weights alone: the course of each curve of the grid, and of each power on the border,
/// over the levels, made orthogonal to what the free plateaus take up and of length 1. The residual sum of squares of any responses is
/// then that about the plateau less the square of one dot product.
///
/// Level after level, each with all columns: the powers first, then the slopes with their locations.
final class DesignTable {
    /// Which plateaus are held.
    enum Plateaus: Int { case free, top, bottom }

    /// p times the span of ln dose.
    static let powers: [Double] = [
        -80, -40, -22, -14, -9.5, -6.5, -4.5, -3, -2, -1.2, -0.6, 0, 0.6, 1.2, 2, 3, 4.5, 6.5, 9.5, 14, 22, 40, 80,
    ]
    /// Where the grid begins, and how far apart its slopes lie: whole lanes, with at least one column to spare.
    static let gridStart = 24, rowLength = 20
    static let block = 16

    let plateaus: Plateaus
    let columns: Int
    private let cells: UnsafeMutablePointer<Double>
    /// The bits that tell designs apart: doses, then weights, then that of dose 0.
    private let key: [Double]

    init(_ levels: DoseLevels, _ plateaus: Plateaus) {
        self.plateaus = plateaus
        let slopes = StartingShapes.slopes(levels, both: plateaus != .free)
        columns = (Self.gridStart + slopes.count * Self.rowLength + Self.block - 1) / Self.block * Self.block
        let size = columns * (levels.count + 1)
        cells = UnsafeMutableRawPointer.allocate(byteCount: size * 8, alignment: 64).bindMemory(to: Double.self, capacity: size)
        cells.initialize(repeating: 0, count: size)
        let count = levels.count
        key = [Double](unsafeUninitializedCapacity: 2 * count + 1) { key, size in
            for i in 0..<count { (key[i], key[count + i]) = (levels.x[i], levels.w[i]) }
            key[2 * count] = levels.zeroWeight
            size = 2 * count + 1
        }
        fillPowers(levels)
        for (row, b) in slopes.enumerated() { fillGrid(levels, row, b) }
    }

    deinit { UnsafeMutableRawPointer(cells).deallocate() }

    func fits(_ levels: DoseLevels, _ plateaus: Plateaus) -> Bool {
        let count = levels.count
        guard plateaus == self.plateaus, key.count == 2 * count + 1, key[2 * count] == levels.zeroWeight else { return false }
        for i in 0..<count where key[i] != levels.x[i] || key[count + i] != levels.w[i] { return false }
        return true
    }

    /// The dot product of the responses, about a plateau that is held, with each column of some blocks.
    func project(_ levels: DoseLevels, about a: Double, blocks: Int, into sums: UnsafeMutablePointer<Double>) {
        let y = levels.y, count = levels.count, columns = columns
        let zero = levels.zeroWeight > 0 ? levels.zeroMean - a : 0
        for block in 0..<blocks {
            var cell = UnsafeRawPointer(cells + block * Self.block)
            var s0 = Lanes(repeating: 0), s1 = s0, s2 = s0, s3 = s0
            for i in 0...count {
                let response = i < count ? y[i] - a : zero
                s0 += cell.load(as: Lanes.self) * response
                s1 += cell.load(fromByteOffset: 32, as: Lanes.self) * response
                s2 += cell.load(fromByteOffset: 64, as: Lanes.self) * response
                s3 += cell.load(fromByteOffset: 96, as: Lanes.self) * response
                cell += columns * 8
            }
            let place = UnsafeMutableRawPointer(sums + block * Self.block)
            place.storeBytes(of: s0, as: Lanes.self)
            place.storeBytes(of: s1, toByteOffset: 32, as: Lanes.self)
            place.storeBytes(of: s2, toByteOffset: 64, as: Lanes.self)
            place.storeBytes(of: s3, toByteOffset: 96, as: Lanes.self)
        }
    }

    private func cell(_ level: Int, _ column: Int) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(cells + level * columns + column)
    }

    /// x^p over its largest value; ln x itself at p = 0. Through dose 0 only rising powers go.
    private func fillPowers(_ levels: DoseLevels) {
        let span = max(levels.span, 1e-3)
        for column in stride(from: 0, to: Self.gridStart, by: 4) {
            var p = Lanes(repeating: 0)
            for lane in 0..<4 where column + lane < Self.powers.count { p[lane] = Self.powers[column + lane] / span }
            for i in 0..<levels.count {
                let distance = Lanes(repeating: levels.highest - levels.x[i])
                    .replacing(with: levels.x[i] - levels.lowest, where: p .< 0)
                var value = Elementary.expOfNegative(p.magnitudes * distance)
                if plateaus == .free { value.replace(with: levels.x[i], where: p .== 0) }
                cell(i, column).storeBytes(of: value, as: Lanes.self)
            }
            normalize(levels, column)
        }
    }

    /// 1/(1 + e^(b x) e^(-b q)): an exponential for each dose and each place.
    private func fillGrid(_ levels: DoseLevels, _ row: Int, _ b: Double) {
        levels.fillPowers(b)
        let powers = levels.g1, count = levels.count, raised = plateaus == .top ? 1.0 : 0
        let zero = (b > 0 ? 1 : 0) - raised
        for first in stride(from: 0, to: Self.rowLength, by: 4) {
            let column = Self.gridStart + row * Self.rowLength + first
            var place = Lanes(repeating: 0)
            for lane in 0..<4 { place[lane] = StartingShapes.place(levels, b, min(first + lane, StartingShapes.places - 1)) }
            let u = place * b
            let t = Elementary.expOfNegative(u.magnitudes)
            let shift = t.replacing(with: 1 / t, where: u .< 0)
            var cell = cell(0, column)
            for i in 0..<count {
                cell.storeBytes(of: 1 / (1 + shift * powers[i]) - raised, as: Lanes.self)
                cell += columns * 8
            }
            cell.storeBytes(of: Lanes(repeating: zero), as: Lanes.self)
            normalize(levels, column)
        }
    }

    /// About the mean where both plateaus are free, of length 1, times the weights.
    @inline(__always)
    private func normalize(_ levels: DoseLevels, _ column: Int) {
        let count = levels.count, w = levels.w, zeroWeight = levels.zeroWeight, columns = columns
        let start = cell(0, column)
        var sum = Lanes(repeating: 0), square = sum
        var cell = start
        for i in 0...count {
            let value = cell.load(as: Lanes.self), weighted = value * (i < count ? w[i] : zeroWeight)
            sum += weighted
            square += weighted * value
            cell += columns * 8
        }
        let mean = plateaus == .free ? sum / levels.totalWeight : Lanes(repeating: 0)
        let length = square - mean * sum
        // Lane by lane: the root of a vector is a call.
        let root = Lanes(
            length[0].squareRoot(), length[1].squareRoot(), length[2].squareRoot(), length[3].squareRoot())
        let factor = (1 / root).replacing(with: 0, where: length .<= 1e-12 * levels.totalWeight)
        cell = start
        for i in 0...count {
            let value = (cell.load(as: Lanes.self) - mean) * factor
            cell.storeBytes(of: value * (i < count ? w[i] : zeroWeight), as: Lanes.self)
            cell += columns * 8
        }
    }
}

/// Tables of the designs met so far: a screen repeats its doses. Equal means equal in every bit, so that no curve ever depends on
/// those before it.
final class DesignTables {
    @exclusivity(unchecked) private var slots = [DesignTable?](repeating: nil, count: 512)

    func table(_ levels: DoseLevels, _ plateaus: DesignTable.Plateaus) -> DesignTable {
        // Long designs are not worth their memory.
        guard levels.count <= 64 else { return DesignTable(levels, plateaus) }
        let slot = (levels.designHash &+ plateaus.rawValue) & 511
        if let known = slots[slot], known.fits(levels, plateaus) { return known }
        let table = DesignTable(levels, plateaus)
        slots[slot] = table
        return table
    }
}
