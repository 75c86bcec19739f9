import IngestCore
import TabularText

/// A text as a source in memory.
func source(
    _ bytes: [UInt8], chunk: Int = 1 << 14, given: GivenAssumptions = GivenAssumptions(),
    account: ReadingAccount = ReadingAccount()
) -> SourceFile {
    var source = SourceFile(
        name: "sample.csv",
        digest: FileDigest(name: "sample.csv", bytes: bytes.count, sha256: String(repeating: "0", count: 64)),
        content: .bytes(bytes),
        opening: SourceOpening(name: "sample.csv", bytes: Array(bytes.prefix(SourceOpening.length))), given: given,
        account: account)
    source.chunkLength = chunk
    return source
}

func source(
    _ text: String, chunk: Int = 1 << 14, given: GivenAssumptions = GivenAssumptions(),
    account: ReadingAccount = ReadingAccount()
) -> SourceFile {
    source(Array(text.utf8), chunk: chunk, given: given, account: account)
}
