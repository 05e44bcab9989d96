/// Options whose value may be left out, which the parser has no word for.
enum OptionalValues {
  /// What stands for every alias, on its way through the parser.
  private static let all = "*"

  /// The aliases named, an empty text for every one.
  static func aliases(_ values: [String]) -> [String] { values.map { $0 == all ? "" : $0 } }

  /// `--strict` without an alias becomes `--strict=*`, which means every alias.
  ///
  /// After `get`, which has one group, `--strict` and `--known-late` take the next word only where
  /// it is that group's name: a record identifier may follow.
  static func attach(_ arguments: [String]) -> [String] {
    if arguments.first == "snapshots", arguments.dropFirst().first == "diff" {
      return ["snapshots"] + attach(Array(arguments.dropFirst()))
    }
    guard let verb = arguments.first else { return arguments }
    let group = arguments.dropFirst().first { !$0.hasPrefix("-") }
    let options = verb == "get" ? ["--strict", "--known-late"] : ["--strict"]
    guard ["get", "build", "latest", "diff"].contains(verb) else { return arguments }
    var result: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      let next = index + 1 < arguments.count ? arguments[index + 1] : nil
      index += 1
      guard options.contains(argument) else {
        result.append(argument)
        continue
      }
      let takesNext = next.map { verb == "get" ? $0 == group : !$0.hasPrefix("-") } ?? false
      result.append("\(argument)=\(takesNext ? next ?? all : all)")
      if takesNext { index += 1 }
    }
    return result
  }
}
