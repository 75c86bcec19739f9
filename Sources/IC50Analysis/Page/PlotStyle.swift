/// The style of plots, in and out of a page. No CSS variables here: renderers of single SVG files do not know them.
enum PlotStyle {
    /// For paper and light screens, `ink` for what is read, `mute` for what is looked past.
    static let light: String = {
        var style = """
            text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;fill:#1d232c}
            .t{fill:#5a6472;font-size:11px;font-variant-numeric:tabular-nums}.h{font-weight:600;font-size:13px}
            .m{fill:#5a6472}.n{unicode-bidi:isolate}.e{text-anchor:end}.c{text-anchor:middle}
            .ax{stroke:#8a93a0;fill:none}.gr{stroke:#e9ecf0;fill:none}.bg{fill:#fff}.hl{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
            path,use{vector-effect:non-scaling-stroke}
            .l{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .d{stroke-width:1.5;stroke-dasharray:4 4}.f{stroke-width:1.5;stroke-dasharray:1 5}.b{fill:currentColor;opacity:.14}
            .i{fill:none;stroke:currentColor;stroke-width:1.5}.dr{fill:none;stroke:currentColor;opacity:.55;stroke-dasharray:3 3}
            .da{stroke-dasharray:9 3 1.5 3}
            .pl{fill:none;stroke:currentColor;stroke-width:1.25;stroke-dasharray:1.5 3.5;opacity:.8}
            .lv{fill:none;stroke:#8a93a0;stroke-dasharray:8 4}
            .p{fill:currentColor;stroke:#fff;stroke-width:.8}.w{fill:none;stroke:currentColor;stroke-width:1}
            .o{fill:none;stroke:#b42318;stroke-width:1.5}.sd{fill:none;stroke:currentColor;stroke-width:1.25}
            .or{stroke-width:16;stroke-linecap:round}.oi{fill:none;stroke:#fff;stroke-width:13;stroke-linecap:round}
            .off{opacity:.3}
            .q{fill:none;stroke:currentColor;stroke-width:4.5;stroke-linecap:round;opacity:.6}
            .good{fill:#17713f}.caution{fill:#8a5a00}.refused{fill:#a8322a}

            """
        for (index, colour) in PlotPalette.light.enumerated() { style += ".k\(index){color:\(colour)}" }
        return style
    }()

    /// What changes on a dark screen.
    static let dark: String = {
        var style = """
            text{fill:#e8ebf0}.t,.m{fill:#a2acba}.ax,.lv{stroke:#6d7684}.gr{stroke:#2a2f38}
            .bg{fill:#14171c}.hl{stroke:#14171c}.p{stroke:#14171c}.o{stroke:#ff8a7f}.oi{stroke:#14171c}
            .good{fill:#5fd19a}.caution{fill:#e6b34d}.refused{fill:#ff9a90}

            """
        for (index, colour) in PlotPalette.dark.enumerated() { style += ".k\(index){color:\(colour)}" }
        return style
    }()
}
