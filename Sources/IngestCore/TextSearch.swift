import Glibc

extension String {
    /// Whether some ASCII stands in the text: for recognition, which looks through hundreds of lines of every file. Unlike
    /// `contains` it takes no characters apart.
    public func hasASCII(_ wanted: StaticString) -> Bool {
        var text = self
        let length = wanted.utf8CodeUnitCount
        return text.withUTF8 { bytes in
            guard var at = UnsafeRawPointer(bytes.baseAddress), length > 0 else { return length == 0 }
            let end = at + bytes.count
            while end - at >= length, let found = memchr(at, Int32(wanted.utf8Start.pointee), end - at - length + 1) {
                if memcmp(found, wanted.utf8Start, length) == 0 { return true }
                at = UnsafeRawPointer(found) + 1
            }
            return false
        }
    }
}
