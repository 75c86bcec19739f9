extension String {
    /// The file name of a text that is a path; any other text as it is. Directories name users and servers, which
    /// have no place in records.
    ///
    ///     D:\MassHunter\Data\jdoe\batch 7\S-01.d  →  S-01.d
    ///     \\server\share\method.m\                →  method.m
    var lastPathComponent: String {
        let isDrive = dropFirst().hasPrefix(":\\") || dropFirst().hasPrefix(":/")
        guard isDrive || contains("\\") || hasPrefix("/") else { return self }
        return split(whereSeparator: { $0 == "\\" || $0 == "/" }).last.map(String.init) ?? self
    }
}
