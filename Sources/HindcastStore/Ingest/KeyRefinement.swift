import HindcastCore

/// Sorts, stably, runs of rows whose keys begin with the same word by the words that follow.
///
/// `entries` are sorted by their words, which hold the keys' first eight bytes. Keys are free of
/// prefixes, so that words filled up with zeros tell any two apart. A stack in place of recursion:
/// keys may be long.
func refineKeys(
  _ entries: inout MutableSpan<RadixSorter.Entry>, _ offsets: Span<Int>, _ bytes: Span<UInt8>
) {
  var open = [(range: 0..<entries.count, depth: 0)]
  while let (range, depth) = open.popLast() {
    if depth > 0 {
      guard loadWords(&entries, range, depth, offsets, bytes) else {
        // All begin with the same words so far; keys that end here are equal.
        let row = Int(entries[range.lowerBound].row)
        let isEnd = offsets[row + 1] - offsets[row] <= depth * 8 + 8
        if !isEnd { open.append((range, depth + 1)) }
        continue
      }
      stableSort(&entries, range)
    }
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, entries[end].word == entries[start].word { end += 1 }
      if end - start > 1 { open.append((start..<end, depth + 1)) }
      start = end
    }
  }
}

/// Loads the keys' word at `depth`; returns whether they differ.
private func loadWords(
  _ entries: inout MutableSpan<RadixSorter.Entry>, _ range: Range<Int>, _ depth: Int,
  _ offsets: Span<Int>, _ bytes: Span<UInt8>
) -> Bool {
  var differ = false
  for index in range {
    let row = Int(entries[index].row)
    let start = offsets[row] + depth * 8
    let length = max(0, min(8, offsets[row + 1] - start))
    var word: UInt64 = 0
    for byte in 0..<length { word |= UInt64(bytes[start + byte]) << UInt64(56 - 8 * byte) }
    entries[index].word = word
    if word != entries[range.lowerBound].word { differ = true }
  }
  return differ
}

/// Sorts a range by its words, stably: by insertion where it is short, else by merging.
private func stableSort(
  _ entries: inout MutableSpan<RadixSorter.Entry>, _ range: Range<Int>
) {
  if range.count <= 24 {
    for index in range.dropFirst() {
      let entry = entries[index]
      var place = index
      while place > range.lowerBound, entries[place - 1].word > entry.word {
        entries[place] = entries[place - 1]
        place -= 1
      }
      entries[place] = entry
    }
    return
  }
  var sorted: [RadixSorter.Entry] = []
  sorted.reserveCapacity(range.count)
  for index in range { sorted.append(entries[index]) }
  // The rows break ties by their place, which makes any sort stable.
  let places = sorted.indices.sorted { a, b in
    sorted[a].word != sorted[b].word ? sorted[a].word < sorted[b].word : a < b
  }
  for (index, place) in zip(range, places) { entries[index] = sorted[place] }
}
