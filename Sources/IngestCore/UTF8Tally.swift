/// Counts the characters beyond ASCII that are, and are not, well-formed UTF-8, across chunks.
package struct UTF8Tally: Sendable {
    package private(set) var wellFormed = 0
    package private(set) var illFormed = 0
    /// The offset of the first byte that is none, in what was looked at.
    package private(set) var firstIllFormed = 0
    package private(set) var firstIllFormedByte: UInt8 = 0
    private var seen = 0
    private var carry: [UInt8] = []

    mutating func look(at bytes: UnsafeBufferPointer<UInt8>) {
        if carry.isEmpty {
            scan(bytes, isLast: false)
        } else {
            (carry + bytes).withUnsafeBufferPointer { scan($0, isLast: false) }
        }
    }

    /// Looks at bytes that are known to be ASCII.
    mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>) {
        if carry.isEmpty { seen += bytes.count } else { look(at: bytes) }
    }

    /// No more bytes follow: a character that is not whole never will be.
    mutating func finish() {
        let rest = carry
        rest.withUnsafeBufferPointer { scan($0, isLast: true) }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) {
        carry = []
        var index = 0
        while index < bytes.count {
            // Eight ASCII bytes at a time.
            while index + 8 <= bytes.count,
                UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            { index += 8 }
            guard index < bytes.count else { break }
            let length = UTF8Check.length(bytes, at: index)
            if length < 0, !isLast {
                carry = Array(bytes[index...])
                break
            }
            if length <= 0 {
                if illFormed == 0 {
                    firstIllFormed = seen + index
                    firstIllFormedByte = bytes[index]
                }
                illFormed += 1
                index += 1
            } else {
                if length > 1 { wellFormed += 1 }
                index += length
            }
        }
        seen += bytes.count - carry.count
    }
}
