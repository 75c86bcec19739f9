import Synchronization

/// Counts the calls of a plan's rules and says which of them strikes.
final class FaultCounter: Sendable {
    private struct State {
        var plan: FaultPlan
        var seen: [Int]
    }
    private let state: Mutex<State>

    init(_ plan: FaultPlan?) {
        let plan = plan ?? FaultPlan()
        state = Mutex(State(plan: plan, seen: Array(repeating: 0, count: plan.rules.count)))
    }

    /// Begins to count anew.
    func replace(with plan: FaultPlan?) {
        let plan = plan ?? FaultPlan()
        state.withLock { $0 = State(plan: plan, seen: Array(repeating: 0, count: plan.rules.count)) }
    }

    /// The first rule that takes this call; every rule that names it counts it.
    func strike(_ call: String) -> FaultPlan.Rule? {
        state.withLock { state in
            var struck: FaultPlan.Rule?
            for (index, rule) in state.plan.rules.enumerated() where rule.call == nil || rule.call == call {
                state.seen[index] += 1
                if struck == nil, rule.ordinals?.contains(state.seen[index]) ?? true { struck = rule }
            }
            return struck
        }
    }
}
