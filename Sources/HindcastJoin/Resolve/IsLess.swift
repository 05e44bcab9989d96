/// 1 if `a` is less than `b`, else 0, by arithmetic: where numbers are in no order that a processor
/// could guess, a branch on them is dear.
@inline(__always)
func isLess<Word: FixedWidthInteger>(_ a: Word, _ b: Word) -> Int {
  Int(truncatingIfNeeded: (Int128(a) &- Int128(b)) >> 64) & 1
}
