/// Numbers as people read them.
public enum Quantities {
  /// `1,234,567`.
  public static func count(_ number: some BinaryInteger) -> String {
    let digits = String(Int128(number).magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// `1 row`, `2 rows`.
  public static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `512 B`, `1.5 KiB`, `23 MiB`.
  public static func bytes(_ byteCount: some BinaryInteger) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var amount = Double(byteCount)
    var unit = 0
    while amount >= 1_024, unit < units.count - 1 {
      amount /= 1_024
      unit += 1
    }
    return unit == 0 || amount >= 100
      ? "\(Int(amount.rounded())) \(units[unit])" : "\(fixed(amount, digits: 1)) \(units[unit])"
  }

  /// A share of 1 in percent: `97.3%`.
  public static func percent(_ share: Double) -> String { fixed(share * 100, digits: 1) + "%" }

  /// A length of time on a clock: `0.4 s`, `12 s`, `3 m 05 s`.
  public static func seconds(_ seconds: Double) -> String {
    if seconds < 10 { return "\(fixed(seconds, digits: 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    let rest = whole % 60
    return "\(whole / 60) m \(rest < 10 ? "0" : "")\(rest) s"
  }

  /// A number with a fixed count of digits after the point.
  public static func fixed(_ number: Double, digits: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(number) * scale).rounded())
    let whole = String(scaled / Int(scale))
    let sign = number < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return sign + whole }
    let fraction = String(scaled % Int(scale))
    return sign + whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
