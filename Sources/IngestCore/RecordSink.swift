/// Takes records, one after another; returns when it has taken them, which is the back-pressure.
///
/// A sink belongs to the reading of one source and is used by one task.
public protocol RecordSink: AnyObject {
    func write(_ record: Record) async throws
    /// Takes a result there and then, in place; false, and takes nothing, where it would have to wait: ``write(_:)`` it.
    func take(_ result: borrowing ResultRecord) throws -> Bool
    /// All records are written; what the sink makes appears now, whole.
    func finish() async throws
}

extension RecordSink {
    public func take(_ result: borrowing ResultRecord) throws -> Bool { false }
}
