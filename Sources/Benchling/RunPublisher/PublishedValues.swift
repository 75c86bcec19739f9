public import IngestCore

extension PublishEntry {
    /// Whether a measurement or extra of a result stands in some field, as far as the expressions name it.
    public func publishes(_ value: Layout.Value) -> Bool {
        results.contains { mapping in
            mapping.kinds.contains(value.kind) && mapping.form.fields.contains { $0.expression.root.names(value) }
        }
    }
}

extension ExpressionNode {
    fileprivate func names(_ value: Layout.Value) -> Bool {
        switch kind {
        case .measurement(let name): value.place == .measurement && name == value.name
        case .extra(let name): value.place == .extra && name == value.name
        case .converted(let node, _), .value(let node), .written(let node), .date(let node), .datetime(let node), .json(let node):
            node.names(value)
        case .entity(let nodes, _), .list(let nodes), .alternatives(let nodes): nodes.contains { $0.names(value) }
        case .path, .method, .time, .blob, .attachment, .run, .text, .number, .truth: false
        }
    }
}
