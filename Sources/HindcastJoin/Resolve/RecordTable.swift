import HindcastCore
import HindcastFormat

/// Finds the number of a record by its key: open addressing with linear probing, at most half full.
struct RecordTable: Sendable {
  /// A record's number and 1; 0 where there is none.
  private var slots: [Int32]
  private let mask: Int

  /// The records that labels name.
  ///
  /// O(records).
  init(_ input: ResolveInput) {
    let count = input.recordCount
    self.init(capacity: count)
    for record in 0..<count {
      var slot = hash(input.recordKeys, record) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(record + 1)
    }
  }

  private init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: 0, count: size)
    mask = size - 1
  }

  /// The number of the record that key `index` of `keys` names; nil if no label names it.
  func record(of keys: KeyVector, _ index: Int, _ input: ResolveInput) -> Int? {
    var slot = hash(keys, index) & mask
    while slots[slot] != 0 {
      let record = Int(slots[slot]) - 1
      if input.recordKeys.compare(record, keys, index) == 0 { return record }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Numbers the distinct keys of `rows` in the order of their first row; returns a number a row.
  ///
  /// O(rows).
  static func numbers(of rows: [Int32], in keys: KeyVector) -> (numbers: [Int32], count: Int) {
    var table = RecordTable(capacity: rows.count)
    var firstRows: [Int] = []
    let numbers = rows.map { row -> Int32 in
      var slot = hash(keys, Int(row)) & table.mask
      while table.slots[slot] != 0 {
        let number = table.slots[slot] - 1
        if keys.compare(firstRows[Int(number)], keys, Int(row)) == 0 { return number }
        slot = (slot + 1) & table.mask
      }
      firstRows.append(Int(row))
      table.slots[slot] = Int32(firstRows.count)
      return Int32(firstRows.count - 1)
    }
    return (numbers, firstRows.count)
  }
}

/// A hash of key `index` of a vector, all of whose bits depend on all of the key's.
func hash(_ keys: KeyVector, _ index: Int) -> Int {
  guard let heap = keys.heap else {
    // The finaliser of MurmurHash3 (A. Appleby).
    var word = keys.prefixes.span(of: UInt64.self)[index]
    word = (word ^ word &>> 33) &* 0xff51_afd7_ed55_8ccd
    word = (word ^ word &>> 33) &* 0xc4ce_b9fe_1a85_ec53
    return Int(truncatingIfNeeded: word ^ word &>> 33)
  }
  let offsets = heap.offsets.span(of: Int.self)
  let bytes = heap.bytes.bytes.extracting(offsets[index]..<offsets[index + 1])
  return Int(truncatingIfNeeded: hash64(bytes, seed: 0))
}
