/// Sends what one kind of input holds to one destination: first a plan, then its carrying-out.
public protocol Publisher<Input>: Sendable {
    associatedtype Input: Sendable
    associatedtype Plan: Sendable, CustomStringConvertible

    /// May look things up, never writes; `--dry-run` prints what comes back.
    func plan(_ input: Input) async throws -> Plan
    /// Carries out that plan and nothing else: every effect is in the ledger before it, its identifier right after.
    func carryOut(_ plan: Plan, ledger: any Ledger) async throws -> Receipt
}
