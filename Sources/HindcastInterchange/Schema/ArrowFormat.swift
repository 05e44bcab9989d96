import HindcastCore

/// The type notation of the Arrow C data interface.
enum ArrowFormat {
  /// Marks a list whose values are sets: sorted, unique, without nulls.
  static let setMark = ArrowField.Entry("hindcast:set", "true")

  /// The contract's type for a format; nil if it has none (rule D2).
  static func type(
    of format: String, metadata: [ArrowField.Entry], children: [ArrowField],
    dictionary: [ArrowField]
  ) -> DataType? {
    if let values = dictionary.first {
      guard integerTypes.contains(format), dictionary.count == 1 else { return nil }
      return values.type.flatMap { $0.isScalar ? $0 : nil }
    }
    if let plain = plainTypes[format] { return plain }
    if format.hasPrefix("+") {
      return listType(format, isSet: metadata.contains(setMark), children)
    }
    if format.hasPrefix("ts") { return timestampType(format) }
    if format.hasPrefix("d:") { return decimalType(format) }
    if format.hasPrefix("w:") {
      return Int(format.dropFirst(2)).flatMap { $0 >= 0 ? .binary : nil }
    }
    return nil
  }

  /// The format of a contract type.
  static func format(of type: DataType) -> String {
    switch type {
    case .bool: "b"
    case .int8: "c"
    case .int16: "s"
    case .int32: "i"
    case .int64: "l"
    case .uint8: "C"
    case .uint16: "S"
    case .uint32: "I"
    case .uint64: "L"
    case .float32: "f"
    case .float64: "g"
    case .utf8: "u"
    case .binary: "z"
    case .date: "tdD"
    case .timestamp(let unit, let zone): "ts\(unitLetter(unit)):\(zone ?? "")"
    case .decimal128(let precision, let scale): "d:\(precision),\(scale)"
    case .list, .set: "+l"
    case .vector(let dimension): "+w:\(dimension)"
    }
  }

  /// What to call a type that the contract does not have.
  static func name(of format: String) -> String {
    switch format {
    case "n": "null"
    case "e": "float16"
    case "tts", "ttm", "ttu", "ttn": "time of day"
    case "tDs", "tDm", "tDu", "tDn": "duration"
    case "tiM", "tiD", "tin": "interval"
    case "+s": "struct"
    case "+m": "map"
    case "+r": "run-end encoded"
    case _ where format.hasPrefix("+u"): "union"
    case _ where format.hasPrefix("+"): "nested list"
    case _ where format.hasPrefix("d:"): "decimal wider than 128 bits"
    default: "type '\(format)'"
    }
  }

  private static let integerTypes: Set<String> = ["c", "C", "s", "S", "i", "I", "l", "L"]

  private static let plainTypes: [String: DataType] = [
    "b": .bool, "c": .int8, "C": .uint8, "s": .int16, "S": .uint16, "i": .int32, "I": .uint32,
    "l": .int64, "L": .uint64, "f": .float32, "g": .float64, "u": .utf8, "U": .utf8, "vu": .utf8,
    "z": .binary, "Z": .binary, "vz": .binary, "tdD": .date, "tdm": .date,
  ]

  private static func unitLetter(_ unit: TimeUnit) -> String {
    switch unit {
    case .second: "s"
    case .millisecond: "m"
    case .microsecond: "u"
    case .nanosecond: "n"
    }
  }

  private static func timestampType(_ format: String) -> DataType? {
    let parts = format.dropFirst(2).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let unit = TimeUnit.allCases.first { unitLetter($0) == parts[0] }
    guard parts.count == 2, let unit else { return nil }
    return .timestamp(unit, zone: parts[1].isEmpty ? nil : String(parts[1]))
  }

  private static func decimalType(_ format: String) -> DataType? {
    let numbers = format.dropFirst(2).split(separator: ",").map { Int($0) }
    guard numbers.count == 2 || numbers.count == 3, let precision = numbers[0],
      let scale = numbers[1], (1...38).contains(precision), (-38...38).contains(scale)
    else { return nil }
    guard numbers.count == 2 || [32, 64, 128].contains(numbers[2]) else { return nil }
    return .decimal128(precision: precision, scale: scale)
  }

  private static func listType(
    _ format: String, isSet: Bool, _ children: [ArrowField]
  ) -> DataType? {
    guard let child = children.first, children.count == 1, let element = child.type,
      element.isScalar
    else { return nil }
    switch format {
    case "+l", "+L", "+vl", "+vL": return isSet ? .set(element) : .list(element)
    case _ where format.hasPrefix("+w:"):
      guard let dimension = Int(format.dropFirst(3)), dimension >= 0 else { return nil }
      if element == .float32, child.dictionary.isEmpty, (1...65_536).contains(dimension), !isSet {
        return .vector(dimension: dimension)
      }
      return isSet ? .set(element) : .list(element)
    default: return nil
    }
  }
}
