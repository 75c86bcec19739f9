/// Colours and marker shapes that up to eight curves of one plot are told apart by, whoever looks at them and on whatever
/// printer: after Okabe and Ito's set, darkened until each keeps a contrast of 3 to 1 against the paper.
enum PlotPalette {
    static let light = ["#0b6bb0", "#c8500a", "#00805a", "#a3468c", "#86690a", "#2f8fc4", "#333a45", "#8f3d1f"]
    static let dark = ["#62b0ee", "#ff9455", "#3fcc9f", "#e391cb", "#dcb73f", "#a6d8f7", "#dfe3ea", "#d99a78"]

    /// Paths about the origin, 7 to 9 units wide: circle, square, triangle, diamond, triangle down, plus, cross, star.
    static let markers = [
        "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z", "M-3.1-3.1h6.2v6.2h-6.2z", "M0-4.3L4.1 2.9H-4.1z",
        "M0-4.5L4.5 0 0 4.5-4.5 0z", "M0 4.3L4.1-2.9H-4.1z",
        "M-1.3-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z",
        "M0-1.8L2.3-4.1 4.1-2.3 1.8 0 4.1 2.3 2.3 4.1 0 1.8-2.3 4.1-4.1 2.3-1.8 0-4.1-2.3-2.3-4.1z",
        "M0-4.9l1.2 3.4 3.5.1-2.8 2.2 1 3.5L0 2.2l-2.9 2 1-3.5-2.8-2.2 3.5-.1z",
    ]

    /// More curves than this are shown side by side instead.
    static var count: Int { light.count }
}
