import Glibc
@testable import IC50Analysis
import Testing

@Suite struct AxisTests {
    @Test(arguments: 1...16)
    func `decades have ticks, with labels that do not touch`(decades: Int) {
        let axis = DoseAxis(doses: [1e-9, 1e-9 * pow(10, Double(decades))], from: 50, to: 740, zeroWidth: 54)
        let labelled = axis.ticks(labelWidth: 54).filter { $0.label != nil }.sorted { $0.x < $1.x }
        #expect(labelled.count >= 2)
        for (a, b) in zip(labelled, labelled.dropFirst()) { #expect(b.x - a.x > 40) }
        #expect(axis.ticks(labelWidth: 54).allSatisfy { $0.x >= 50 && $0.x <= 740 })
        #expect(axis.ticks(labelWidth: 54).count < 180)
    }

    @Test(arguments: [([20.0, 50], ["20", "50"]), ([3, 4], ["3", "4"]), ([0.3, 300], ["1", "10", "100"])])
    func `ticks of few doses are round numbers`(doses: [Double], expected: [String]) {
        let axis = DoseAxis(doses: doses, from: 0, to: 700, zeroWidth: 54)
        let labels = axis.ticks(labelWidth: 54).compactMap(\.label)
        for label in expected { #expect(labels.contains(label), "\(labels)") }
    }

    static let odd: [[Double]] = [[10], [.leastNonzeroMagnitude, 1e308], [1, 1.0000001], [0], []]

    @Test(arguments: odd)
    func `no doses break the axis`(doses: [Double]) {
        let axis = DoseAxis(doses: doses, from: 0, to: 700, zeroWidth: 54)
        #expect(axis.ticks(labelWidth: 54).allSatisfy { $0.x.isFinite && $0.label?.contains("–") != true })
        #expect(doses.allSatisfy { axis.x($0)!.isFinite })
        #expect(axis.x(-1) == nil && axis.x(.infinity) == nil)
        #expect(axis.hasDoses == doses.contains { $0 > 0 })
    }

    @Test func `the dose 0 stands left of the break`() {
        let axis = DoseAxis(doses: [0, 1, 100], from: 40, to: 700, zeroWidth: 54)
        #expect(axis.x(0) == 67 && axis.left == 94 && axis.x(1)! > 94)
    }

    static let responses: [[Double]] = [
        [0, 100], [5, 5], [0, 0], [-3, -3], [1e6 + 0.001, 1e6 + 0.002], [1e-300, 2e-300], [-1.7e308, 1.7e308],
        [1e15, 1e15 + 4], [], [.leastNonzeroMagnitude, .leastNonzeroMagnitude],
    ]

    @Test(arguments: responses)
    func `any responses have an axis`(responses: [Double]) {
        let axis = ResponseAxis(values: responses, top: 40, height: 330, ticks: 6)
        #expect(axis.high > axis.low && axis.low.isFinite && axis.high.isFinite)
        #expect(axis.ticks.count >= 1 && axis.ticks.count < 15)
        for tick in axis.ticks {
            #expect(tick.value.isFinite && axis.y(tick.value) >= 39.9 && axis.y(tick.value) <= 370.1)
        }
        #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count)
        for value in responses { #expect(axis.y(value) > 40 && axis.y(value) < 370) }
    }

    @Test func `responses in millions are labelled in millions`() {
        let axis = ResponseAxis(values: [0, 4_200_000], top: 0, height: 330, ticks: 6)
        #expect(axis.exponent == 6 && axis.ticks.map(\.label) == ["0", "1", "2", "3", "4"])
        let percent = ResponseAxis(values: [0, 100], top: 0, height: 330, ticks: 6)
        #expect(percent.exponent == 0 && percent.ticks.map(\.label) == ["0", "20", "40", "60", "80", "100"])
    }
}
