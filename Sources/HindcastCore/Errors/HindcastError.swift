/// What went wrong, where, and what to do about it.
///
/// Everything that bad input, a damaged file or a failing disk can cause is thrown as this type. A
/// programmer's mistake traps instead.
public struct HindcastError: Error, Sendable {
  /// The kind of failure, stable across versions; programs switch on this, never on the message.
  public var code: Code
  /// One sentence or more for a person: what was wrong and what to do next.
  public var message: String
  /// Where it was wrong, as far as that is known.
  public var location: Location?
  /// The error underneath, if there is one.
  public var cause: (any Error)?

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, at location: Location? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
  }

  /// A kind of failure, open, so that a new kind breaks no caller.
  public struct Code: Hashable, Sendable {
    /// The name as programs see it, in lower snake case.
    public let name: String

    /// Creates a code of the given name.
    public init(_ name: String) {
      self.name = name
    }
  }

  /// A place in a file: a table's row and column, or a segment's section and byte.
  public struct Location: Hashable, Sendable {
    /// The file, as the user named it.
    public var file: String?
    /// The section of a segment or commit, by its name in the specification.
    public var section: String?
    /// The byte offset in the file.
    public var byteOffset: Int?
    /// The row, counted from one, header lines not counted.
    public var row: Int?
    /// The column's name.
    public var column: String?

    /// Creates a location from what is known.
    public init(
      file: String? = nil, section: String? = nil, byteOffset: Int? = nil, row: Int? = nil,
      column: String? = nil
    ) {
      self.file = file
      self.section = section
      self.byteOffset = byteOffset
      self.row = row
      self.column = column
    }
  }
}

extension HindcastError.Code {
  /// A value given by the user can't be used: an option, a name, a reference.
  public static let invalidArgument = Self("invalid_argument")
  /// A type is not supported, or two types do not go together.
  public static let typeMismatch = Self("type_mismatch")
  /// A value is null, out of range, or would lose precision.
  public static let invalidValue = Self("invalid_value")
  /// A column that is needed is not there.
  public static let missingColumn = Self("missing_column")
  /// Two outputs, columns or groups would have one name.
  public static let duplicateName = Self("duplicate_name")
  /// A group, feature, snapshot or file is not there.
  public static let notFound = Self("not_found")
  /// A snapshot that was given up by retention.
  public static let expired = Self("expired")
  /// Something is there already.
  public static let alreadyExists = Self("already_exists")
  /// Another writer holds the store, or a reader needs what was to be removed.
  public static let busy = Self("busy")
  /// Bytes of a segment, a commit or an input file are damaged.
  public static let corrupt = Self("corrupt")
  /// A file was written by a newer version.
  public static let unsupportedVersion = Self("unsupported_version")
  /// The operating system refused: permission, space, a failing device.
  public static let io = Self("io")
  /// A limit of the format or of memory was exceeded.
  public static let limitExceeded = Self("limit_exceeded")
  /// An earlier failure makes it unsafe to go on.
  public static let poisoned = Self("poisoned")
  /// History that is asked for was given up.
  public static let beforeHorizon = Self("before_horizon")
  /// The user stopped the work.
  public static let cancelled = Self("cancelled")
}

extension HindcastError: CustomStringConvertible {
  /// The message with its place in front: `file: row 3, column "id": message`.
  public var description: String {
    guard let place = location?.description, !place.isEmpty else { return message }
    return "\(place): \(message)"
  }
}

extension HindcastError.Location: CustomStringConvertible {
  /// The known parts, joined for a person.
  public var description: String {
    var parts: [String] = []
    if let section { parts.append(section) }
    if let byteOffset { parts.append("byte \(byteOffset)") }
    if let row { parts.append("row \(row)") }
    if let column { parts.append("column \"\(column)\"") }
    let inside = parts.joined(separator: ", ")
    guard let file else { return inside }
    return inside.isEmpty ? file : "\(file): \(inside)"
  }
}
