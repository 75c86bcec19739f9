import IngestCore
import Testing

@Test(arguments: [(1, 4096), (2, 4096), (8, 4096), (9, 3640), (401, 81), (40_000, 1), (0, 4096)])
func `points with many coordinates come in smaller parts`(axes: Int, most: Int) {
    #expect(PointsRecord.most(axes: axes) == most)
}
