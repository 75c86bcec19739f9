extension String {
    /// Without what would end a line or move the cursor of a terminal: names of files and schemas are written by others.
    var printable: String {
        var text = Self()
        for scalar in unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
            text.unicodeScalars.append(isControl ? "·" : scalar)
        }
        return text
    }
}
