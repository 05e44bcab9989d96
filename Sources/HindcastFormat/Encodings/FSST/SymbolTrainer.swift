import HindcastCore

/// Finds a symbol table for byte strings.
///
/// Five times a sample is cut with the table so far; its symbols, and each two that followed one
/// another as one, are candidates for the next table, which takes those that cover most bytes. The
/// same strings give the same table. A trainer keeps its memory (0.7 MB) from one table to the
/// next.
package struct SymbolTrainer: ~Copyable {
  private var table = SymbolTable()
  private var singleCounts = MutableBuffer(byteCount: 512 * 4)
  private var pairCounts = MutableBuffer(byteCount: 512 * 512 * 2)
  /// The pairs that were seen, so that only their counts are read and cleared.
  private var seenPairs = MutableBuffer(byteCount: 4 * maximalPairs)

  private static let maximalPairs = 1 << 15
  private static let sampleByteCount = 1 << 14
  private static let pieceByteCount = 512
  private static let generations = 5

  private struct Candidate {
    var symbol: UInt64
    var length: Int
    var gain: Int
  }

  package init() {}

  /// A table for the values of `data` that end at `ends`, one more than values.
  ///
  /// O(sample), which is at most 16 KiB.
  package mutating func train(_ data: RawSpan, ends: Span<Int32>) -> SymbolTable {
    let pieces = Self.sample(data, ends)
    table.removeAll()
    for generation in 1...Self.generations {
      // The first tables are rough: a part of a sample of many pieces is enough for them.
      let share = pieces.count < 32 ? 8 : 8 * generation / Self.generations
      let pairCount = Self.count(
        data, pieces, share: share, table, &singleCounts, &pairCounts, &seenPairs)
      var candidates = Self.singles(table, singleCounts)
      if generation < Self.generations {
        Self.addPairs(table, pairCounts, seenPairs, pairCount, &candidates)
      }
      Self.clear(&singleCounts, &pairCounts, seenPairs, pairCount)
      Self.choose(candidates, &table)
    }
    var result = SymbolTable()
    for (symbol, length) in zip(table.symbols, table.lengths) {
      result.insert(symbol, length: Int(length))
    }
    return result
  }

  /// Parts of values, spread evenly.
  private static func sample(_ data: RawSpan, _ ends: Span<Int32>) -> [Range<Int>] {
    let total = Int(ends[ends.count - 1] - ends[0])
    let step = max(1, (total + sampleByteCount - 1) / sampleByteCount)
    var pieces: [Range<Int>] = []
    var taken = 0
    var due = 0
    for value in 0..<ends.count - 1 {
      var start = Int(ends[value])
      let end = Int(ends[value + 1])
      precondition(start <= end && end <= data.byteCount)
      // One byte in `step` is due, be the values long or short.
      due += end - start
      if step == 1 {
        if start < end { pieces.append(start..<end) }
        continue
      }
      while start < end, due > taken * step, taken < sampleByteCount {
        let count = min(pieceByteCount, end - start)
        pieces.append(start..<start + count)
        taken += count
        start += count * step
      }
    }
    return pieces
  }

  /// Cuts the sample with the table and counts symbols and pairs.
  ///
  /// What starts with a longer symbol counts as its first byte, too: the next table may do without
  /// the symbol.
  ///
  /// Returns the number of different pairs.
  private static func count(
    _ data: RawSpan, _ pieces: [Range<Int>], share: Int, _ table: borrowing SymbolTable,
    _ singleCounts: inout MutableBuffer, _ pairCounts: inout MutableBuffer,
    _ seenPairs: inout MutableBuffer
  ) -> Int {
    var singles = singleCounts.mutableSpan(of: UInt32.self)
    var pairs = pairCounts.mutableSpan(of: UInt16.self)
    var seen = seenPairs.mutableSpan(of: UInt32.self)
    var pairCount = 0
    for (index, piece) in pieces.enumerated() where index & 7 < share {
      var place = piece.lowerBound
      let end = piece.upperBound
      var previous = -1
      while place < end {
        let word = textWord(data, from: place, to: end)
        let match = table.match(word, count: end &- place)
        singles[match.code] &+= 1
        let byte = Int(truncatingIfNeeded: word & 255)
        if match.length > 1 { singles[byte] &+= 1 }
        if previous >= 0 {
          countPair(previous << 9 | match.code, &pairs, &seen, &pairCount)
          if match.length > 1 {
            countPair(previous << 9 | byte, &pairs, &seen, &pairCount)
          }
        }
        previous = match.code
        place &+= match.length
      }
    }
    return pairCount
  }

  @inline(__always)
  private static func countPair(
    _ pair: Int, _ pairs: inout MutableSpan<UInt16>, _ seen: inout MutableSpan<UInt32>,
    _ pairCount: inout Int
  ) {
    if pairs[pair] == 0 {
      guard pairCount < maximalPairs else { return }
      seen[pairCount] = UInt32(pair)
      pairCount &+= 1
    }
    if pairs[pair] < .max { pairs[pair] &+= 1 }
  }

  /// The symbol that a count belongs to.
  private static func symbol(
    _ code: Int, _ table: borrowing SymbolTable
  ) -> (symbol: UInt64, length: Int) {
    code < 256
      ? (UInt64(code), 1) : (table.symbols[code - 256], Int(table.lengths[code - 256]))
  }

  private static func singles(
    _ table: borrowing SymbolTable, _ singleCounts: borrowing MutableBuffer
  ) -> [Candidate] {
    let counts = singleCounts.span(of: UInt32.self)
    var candidates: [Candidate] = []
    for code in 0..<256 + table.symbols.count where counts[code] > 0 {
      let (symbol, length) = symbol(code, table)
      // A byte that is no symbol costs two, so it is worth more than it covers.
      let gain = Int(counts[code]) * (length == 1 ? 8 : length)
      candidates.append(Candidate(symbol: symbol, length: length, gain: gain))
    }
    return candidates
  }

  private static func addPairs(
    _ table: borrowing SymbolTable, _ pairCounts: borrowing MutableBuffer,
    _ seenPairs: borrowing MutableBuffer, _ pairCount: Int, _ candidates: inout [Candidate]
  ) {
    let counts = pairCounts.span(of: UInt16.self)
    let seen = seenPairs.span(of: UInt32.self)
    for index in 0..<pairCount {
      let pair = Int(seen[index])
      let count = Int(counts[pair])
      guard count > 2 else { continue }
      let first = symbol(pair >> 9, table)
      guard first.length < 8 else { continue }
      let second = symbol(pair & 511, table)
      let length = min(8, first.length + second.length)
      // What is beyond 8 bytes is shifted out.
      let joined = first.symbol | second.symbol << UInt64(8 * first.length)
      candidates.append(Candidate(symbol: joined, length: length, gain: count * length))
    }
  }

  private static func clear(
    _ singleCounts: inout MutableBuffer, _ pairCounts: inout MutableBuffer,
    _ seenPairs: borrowing MutableBuffer, _ pairCount: Int
  ) {
    var singles = singleCounts.mutableSpan(of: UInt32.self)
    singles.update(repeating: 0)
    var pairs = pairCounts.mutableSpan(of: UInt16.self)
    let seen = seenPairs.span(of: UInt32.self)
    for index in 0..<pairCount { pairs[Int(seen[index])] = 0 }
  }

  /// Makes the table of the candidates with the greatest gains.
  private static func choose(_ candidates: [Candidate], _ table: inout SymbolTable) {
    table.removeAll()
    // Equal symbols come next to one another, and their gains add up.
    let sorted = candidates.sorted { ($0.symbol, $0.length) < ($1.symbol, $1.length) }
    var distinct: [Candidate] = []
    for candidate in sorted {
      if let last = distinct.last, last.symbol == candidate.symbol,
        last.length == candidate.length
      {
        distinct[distinct.count - 1].gain += candidate.gain
      } else {
        distinct.append(candidate)
      }
    }
    distinct.sort { ($0.gain, $1.symbol, $1.length) > ($1.gain, $0.symbol, $0.length) }
    for candidate in distinct where table.symbols.count < 255 {
      table.insert(candidate.symbol, length: candidate.length)
    }
  }
}
