/// Takes records, one after another; returns when it has taken them, which is the back-pressure.
///
/// A sink belongs to the reading of one source and is used by one task.
public protocol RecordSink {
    func write(_ record: Record) async throws
    /// Takes a result; the same as ``write(_:)`` of it. A sink in a hurry reads it in place and copies nothing.
    func write(_ result: borrowing ResultRecord) async throws
    /// All records are written; what the sink makes appears now, whole.
    func finish() async throws
}

extension RecordSink {
    public func write(_ result: borrowing ResultRecord) async throws { try await write(.result(copy result)) }
}
