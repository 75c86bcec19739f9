/// A Benchling-compatible tenant in one SQLite file.
public final class Sandbox: Sendable {
    init() {}
}
