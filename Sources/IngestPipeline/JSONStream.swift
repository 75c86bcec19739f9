import IngestCore

/// Writes one JSON document from front to back: it sets the commas and closes what is open, so that whoever streams a
/// document into it cannot write an invalid one. What is written waits in ``buffer`` until the owner takes it.
final class JSONStream {
    let buffer = LineBuffer(capacity: 1 << 18)
    private var open: [Level] = []
    private var afterKey = false

    private struct Level {
        var closing: UInt8
        var inLines: Bool
        var isFilled = false
    }

    /// How many objects and arrays are open.
    var depth: Int { open.count }

    func beginObject() { begin(UInt8(ascii: "{"), UInt8(ascii: "}"), inLines: false) }

    /// - Parameter inLines: Each element begins a line of its own; for people and for `diff`.
    func beginArray(inLines: Bool = false) { begin(UInt8(ascii: "["), UInt8(ascii: "]"), inLines: inLines) }

    /// Closes the object or array opened last.
    func end() {
        let level = open.removeLast()
        if level.inLines, level.isFilled { buffer.byte(UInt8(ascii: "\n")) }
        buffer.byte(level.closing)
    }

    /// Closes until as many are open as `depth` says.
    func end(downTo depth: Int) { while open.count > depth { end() } }

    func key(_ key: StaticString) {
        separate()
        buffer.byte(UInt8(ascii: "\""))
        buffer.raw(key)
        buffer.raw("\":")
        afterKey = true
    }

    func key(_ key: String) {
        separate()
        buffer.string(key)
        buffer.byte(UInt8(ascii: ":"))
        afterKey = true
    }

    func string(_ text: String) {
        beforeValue()
        buffer.string(text)
    }

    func integer(_ value: Int) {
        beforeValue()
        buffer.integer(value)
    }

    func number(_ value: Double) {
        beforeValue()
        JSONStream.number(value, to: buffer)
    }

    /// Elements of the open array that were formatted elsewhere, or a part of their text.
    func elements(_ text: UnsafeRawBufferPointer) {
        buffer.append(text)
        open[open.count - 1].isFilled = true
    }

    /// JSON has no infinities; the Allotrope model spells them as these texts.
    static func number(_ value: Double, to buffer: LineBuffer) {
        if value.isFinite {
            buffer.number(value)
        } else {
            buffer.string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "+Infinity")
        }
    }

    private func begin(_ opening: UInt8, _ closing: UInt8, inLines: Bool) {
        beforeValue()
        buffer.byte(opening)
        open.append(Level(closing: closing, inLines: inLines))
    }

    private func beforeValue() {
        if afterKey { afterKey = false } else { separate() }
    }

    private func separate() {
        guard !open.isEmpty else { return }
        let level = open[open.count - 1]
        if level.isFilled { buffer.byte(UInt8(ascii: ",")) }
        if level.inLines { buffer.byte(UInt8(ascii: "\n")) }
        open[open.count - 1].isFilled = true
    }
}

extension JSONStream {
    func text(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        self.key(key)
        string(value)
    }

    /// `{"value":4.871,"unit":"s"}`.
    func quantity(_ value: Double, _ unit: String) { quantity(unit) { number(value) } }
    func quantity(_ value: Int, _ unit: String) { quantity(unit) { integer(value) } }

    private func quantity(_ unit: String, _ value: () -> Void) {
        beginObject()
        key("value")
        value()
        key("unit")
        string(unit)
        end()
    }
}
