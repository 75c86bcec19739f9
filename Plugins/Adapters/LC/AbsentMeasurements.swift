import IngestCore

extension ResultRecord {
    /// Takes the numbers away that are no readings: placeholders of a compound that was not found, a concentration that
    /// nothing was calibrated for. What the file writes is kept beside.
    mutating func makeAbsent(_ absence: Quantity.Absence, where applies: (Measurement) -> Bool) {
        for index in measurements.indices where applies(measurements[index]) {
            measurements[index].quantity.value = nil
            measurements[index].quantity.bound = .exact
            measurements[index].quantity.absent = absence
        }
    }
}
