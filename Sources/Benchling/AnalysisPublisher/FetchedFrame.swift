import Glibc

/// The input of an analysis: a data frame of it, on this computer for as long as this is held.
public final class FetchedFrame: Sendable {
    /// The id of the analysis.
    public let analysis: String
    /// Of the data frame.
    public let id: String, name: String
    public let columns: [DataFrame.Column]
    /// One CSV file with one header, as the tenant writes it: all parts in order. It is gone with this.
    public let path: String
    /// SHA-256 of what is at ``path``.
    public let sha256: String
    public let bytes: Int

    init(analysis: String, _ frame: DataFrame, path: String, sha256: String, bytes: Int) {
        self.analysis = analysis
        id = frame.id
        name = frame.name
        columns = frame.columns
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
    }

    deinit { unlink(path) }
}
