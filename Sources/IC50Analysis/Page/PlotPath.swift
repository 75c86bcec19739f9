/// The `d` of an SVG path, in whole steps: each point is written as its way from the one before, so errors of rounding do
/// not add up.
struct PlotPath {
    /// Steps a drawing unit: 100, or 1 where the unit is already small.
    let steps: Double
    private(set) var markup = Markup()
    private var x = 0, y = 0
    private var command: UInt8 = 0

    init(steps: Double) { self.steps = steps }

    var isEmpty: Bool { markup.bytes.isEmpty }

    mutating func move(_ toX: Double, _ toY: Double) {
        let (nextX, nextY) = (step(toX), step(toY))
        write(UInt8(ascii: "M"), nextX, nextY)
        (x, y) = (nextX, nextY)
    }

    mutating func line(_ toX: Double, _ toY: Double) {
        let (nextX, nextY) = (step(toX), step(toY))
        guard nextX != x || nextY != y else { return }
        write(UInt8(ascii: "l"), nextX - x, nextY - y)
        (x, y) = (nextX, nextY)
    }

    /// A line of no length, which a round line cap makes a dot.
    mutating func dot(_ atX: Double, _ atY: Double) {
        move(atX, atY)
        markup.raw("h0")
        command = UInt8(ascii: "h")
    }

    mutating func lines(_ points: some Sequence<(x: Double, y: Double)>) {
        for (index, point) in points.enumerated() {
            if index == 0 { move(point.x, point.y) } else { line(point.x, point.y) }
        }
    }

    mutating func linesOn(_ points: some Sequence<(x: Double, y: Double)>) {
        for point in points { line(point.x, point.y) }
    }

    mutating func close() {
        markup.raw("z")
        command = UInt8(ascii: "z")
    }

    private func step(_ value: Double) -> Int {
        value.isFinite && value.magnitude < 1e7 ? Int((value * steps).rounded()) : 0
    }

    private mutating func write(_ letter: UInt8, _ first: Int, _ second: Int) {
        if letter != command {
            markup.raw(String(UnicodeScalar(letter)))
            number(first)
        } else {
            if first >= 0 { markup.raw(" ") }
            number(first)
        }
        if second >= 0 { markup.raw(" ") }
        number(second)
        command = letter
    }

    private mutating func number(_ value: Int) {
        if steps == 100 { markup.hundredths(value) } else { markup.whole(value) }
    }
}
