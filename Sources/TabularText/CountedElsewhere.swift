/// Lines of reports whose cells go over several lines.
extension Row {
    /// The cells of this row are not those of the file, but pieces of them: whoever puts them together adds what became of
    /// them to the account.
    public func countElsewhere() {
        for column in 0..<count { mark(known: column, .deferred) }
    }
}
