/// Where to begin: the valleys of a coarse grid over the design.
struct StartingShapes {
    let levels: DoseLevels
    let model: ScaledModel

    /// |b| times the span of ln dose: from nearly straight to nearly a step.
    private static let steepness: [Double] = [0.6, 1.5, 3, 5.5, 9, 15, 25, 45, 80]
    private static let asymmetries: [Double] = [-4, -1.7, 0, 1.7, 4]
    /// Places between the lowest and the highest dose; further out the exponent at the nearest dose counts.
    private static let inside = 13
    private static let outside: [Double] = [0.6, 1.8, 5]
    static let places = 19

    /// The best first.
    /// - Parameter limit: How many valleys of the grid at most.
    func shapes(_ limit: Int) -> [Shape] {
        let found = list(limit)
        return (0..<found.count).map { found.shapes[$0] }
    }

    func list(_ limit: Int) -> ShapeList {
        var found = ShapeList(limit: limit)
        if model.isSymmetric, model.movesB, model.movesQ, model.linearCount > 0 {
            addFromTable(&found)
        } else {
            addFromGrid(&found)
        }
        return found
    }

    /// Grid points that no neighbour undercuts, from one dot product each.
    func addFromTable(_ found: inout ShapeList) {
        let table = levels.design(model.plateaus)
        let sums = levels.coarse + DoseLevels.coarseStart
        table.project(levels, about: model.heldPlateau, blocks: table.columns / DesignTable.block, into: sums)
        let base = levels.sumOfSquares(model)
        let rows = model.hasTwin ? Self.steepness.count : 2 * Self.steepness.count
        let grid = sums + DesignTable.gridStart
        let stride = DesignTable.rowLength
        for i in Swift.stride(from: 0, to: rows * stride, by: 4) {
            let sum = levels.lanes(grid, i)
            levels.store(base - sum * sum, grid, i)
        }
        // The spare column parts the rows; spare rows lie before the first and after the last.
        for row in 0..<rows { grid[row * stride + Self.places] = .infinity }
        for i in -(stride + 1)..<0 { grid[i] = .infinity }
        for i in 0...stride { grid[rows * stride + i] = .infinity }
        for row in 0..<rows {
            for column in 0..<Self.places {
                let here = grid + row * stride + column, value = here[0]
                guard value < found.bar, here[-1] >= value, here[1] >= value, here[-stride] >= value, here[stride] >= value,
                    here[-stride - 1] >= value, here[-stride + 1] >= value, here[stride - 1] >= value,
                    here[stride + 1] >= value
                else { continue }
                let b = Self.slope(levels, row, both: !model.hasTwin)
                found.insert(Shape(b: b, q: Self.place(levels, b, column), lnF: model.held.lnF), value)
            }
        }
    }

    static func slopes(_ levels: DoseLevels, both: Bool) -> [Double] {
        (0..<(both ? 2 : 1) * steepness.count).map { slope(levels, $0, both: both) }
    }

    /// The slope of a row: falling ones from steep to flat, then rising ones from flat to steep.
    private static func slope(_ levels: DoseLevels, _ row: Int, both: Bool) -> Double {
        let span = max(levels.span, 0.5), half = both ? steepness.count : 0
        return row < half ? -steepness[half - 1 - row] / span : steepness[row - half] / span
    }

    /// Across the doses, and as far out as the slope reaches.
    static func place(_ levels: DoseLevels, _ b: Double, _ column: Int) -> Double {
        let width = 1 / Swift.abs(b), past = column - outside.count
        if past < 0 { return levels.lowest - outside[-past - 1] * width }
        if past < inside { return levels.lowest + Double(past) * (levels.span / Double(inside - 1)) }
        return levels.highest + outside[past - inside] * width
    }

    /// The same for curves that have no table: a parameter is held, or the family is another.
    private func addFromGrid(_ found: inout ShapeList) {
        let slopes = model.movesB ? Self.slopes(levels, both: !model.hasTwin) : [model.held.b]
        let columns = model.movesQ ? Self.places : 1
        func shape(_ row: Int, _ column: Int, _ lnF: Double) -> Shape {
            let b = slopes[row]
            return Shape(b: b, q: model.movesQ ? Self.place(levels, b, column) : model.pivot, lnF: lnF)
        }
        for lnF in model.movesF ? Self.asymmetries : [model.held.lnF] {
            var values: [Double] = []
            values.reserveCapacity(slopes.count * columns)
            for row in slopes.indices {
                if model.isSymmetric { levels.fillPowers(slopes[row]) }
                for column in 0..<columns {
                    let here = shape(row, column, lnF)
                    values.append(
                        model.isSymmetric ? levels.gridValue(here.b, here.q, model) : levels.evaluate(here, model).rss)
                }
            }
            valleys(values, slopes.count, columns) { row, column, value in
                found.insert(shape(row, column, lnF), value)
            }
        }
    }

    private func valleys(_ values: [Double], _ rows: Int, _ columns: Int, _ body: (Int, Int, Double) -> Void) {
        for row in 0..<rows {
            for column in 0..<columns {
                let value = values[row * columns + column]
                guard value.isFinite else { continue }
                var lowest = true
                for r in max(0, row - 1)...min(rows - 1, row + 1) {
                    for c in max(0, column - 1)...min(columns - 1, column + 1) where values[r * columns + c] < value {
                        lowest = false
                    }
                }
                if lowest { body(row, column, value) }
            }
        }
    }
}

/// Up to eight shapes, the best first.
struct ShapeList {
    let limit: Int
    private(set) var count = 0
    private(set) var shapes = InlineArray<8, Shape>(repeating: Shape(b: 0, k: 0, lnF: 0))
    private var values = InlineArray<8, Double>(repeating: .infinity)

    init(limit: Int) { self.limit = min(limit, 8) }

    /// What a further shape has to be below.
    var bar: Double { values[limit - 1] }

    mutating func insert(_ shape: Shape, _ value: Double) {
        guard value < bar else { return }
        var place = min(count, limit - 1)
        while place > 0, values[place - 1] > value {
            (shapes[place], values[place]) = (shapes[place - 1], values[place - 1])
            place -= 1
        }
        (shapes[place], values[place]) = (shape, value)
        count = min(count + 1, limit)
    }
}
