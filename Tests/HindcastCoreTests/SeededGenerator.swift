import HindcastTestKit

/// The test kit's generator, under the name of what it does here.
typealias SeededGenerator = SplitMix64
