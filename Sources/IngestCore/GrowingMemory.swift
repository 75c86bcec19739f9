extension UnsafeMutablePointer {
    /// Moves the first `count` values to a place with room for `capacity`, and gives up the old place.
    package func moved(_ count: Int, to capacity: Int) -> UnsafeMutablePointer {
        let wider = UnsafeMutablePointer.allocate(capacity: capacity)
        wider.moveInitialize(from: self, count: count)
        deallocate()
        return wider
    }
}
