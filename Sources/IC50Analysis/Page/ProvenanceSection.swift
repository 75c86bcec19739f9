/// Where the numbers of a page come from.
struct ProvenanceSection {
    let provenance: IC50Report.Provenance

    func write(into markup: inout Markup) {
        markup.raw("<h2>Provenance</h2><dl>")
        for input in provenance.inputs {
            entry("Input", &markup) { markup in
                markup.raw("<bdi>")
                markup.text(DisplayName.shown(input.name))
                markup.raw("</bdi>")
                markup.text(", \(input.bytes) bytes, read by \(DisplayName.shown(input.readBy))")
                markup.raw("<br/><code>SHA-256 ")
                markup.text(DisplayName.shown(input.sha256))
                markup.raw("</code>")
            }
        }
        for setting in provenance.settings {
            entry(DisplayName.shown(setting.name), &markup) { $0.text(DisplayName.shown(setting.value, limit: 400)) }
        }
        entry("ingest", &markup) { $0.text("version \(DisplayName.shown(provenance.ingestVersion))") }
        markup.raw("</dl>")
    }

    private func entry(_ name: String, _ markup: inout Markup, _ value: (inout Markup) -> Void) {
        markup.raw("<dt>")
        markup.text(name)
        markup.raw("</dt><dd>")
        value(&markup)
        markup.raw("</dd>")
    }
}
