public import HindcastCore

/// One column of a table as Arrow describes it, kept whole, so that a column that this project does
/// not understand passes through untouched.
public struct ArrowField: Hashable, Sendable {
  /// The column's name.
  public let name: String
  /// The type in the notation of the Arrow C data interface, like `tsu:UTC`.
  public let formatString: String
  /// Whether the column may hold nulls.
  public var isNullable: Bool { flags & 2 != 0 }
  /// The field's own metadata, in order.
  public let metadata: [Entry]
  /// The contract's type; nil if it has none (rule D2).
  public let type: DataType?

  let flags: Int64
  let children: [ArrowField]
  /// The dictionary's values, if this is a column of indices: none or one.
  let dictionary: [ArrowField]

  /// A key and a value of metadata, as bytes.
  public struct Entry: Hashable, Sendable {
    /// The key's bytes, usually UTF-8.
    public let key: [UInt8]
    /// The value's bytes.
    public let value: [UInt8]

    /// Creates an entry of two texts.
    public init(_ key: String, _ value: String) {
      self.init(key: Array(key.utf8), value: Array(value.utf8))
    }

    init(key: [UInt8], value: [UInt8]) {
      self.key = key
      self.value = value
    }
  }

  init(
    name: String, formatString: String, flags: Int64 = 2, metadata: [Entry] = [],
    children: [ArrowField] = [], dictionary: [ArrowField] = []
  ) {
    self.name = name
    self.formatString = formatString
    self.flags = flags
    self.metadata = metadata
    self.children = children
    self.dictionary = dictionary
    type = ArrowFormat.type(
      of: formatString, metadata: metadata, children: children, dictionary: dictionary)
  }

  /// Whether all values are null whatever the type: a column of which the writer knew nothing.
  public var isNullType: Bool { formatString == "n" && dictionary.isEmpty }

  /// The same field under another name.
  public func renamed(_ name: String) -> ArrowField {
    ArrowField(
      name: name, formatString: formatString, flags: flags, metadata: metadata, children: children,
      dictionary: dictionary)
  }

  /// The type's name for a person, also where the contract has none.
  public var typeName: String { type?.description ?? ArrowFormat.name(of: formatString) }

  /// The value of a key of the metadata, if it is there and text.
  public func metadata(_ key: String) -> String? {
    let bytes = Array(key.utf8)
    return metadata.first { $0.key == bytes }.flatMap {
      String(validating: $0.value, as: UTF8.self)
    }
  }
}

extension ArrowField {
  /// The field that holds a column of a contract type: nullable, a set as a list marked by
  /// metadata.
  public init(name: String, type: DataType, metadata: [Entry] = []) {
    var entries = metadata
    var children: [ArrowField] = []
    if let element = type.element {
      let flags: Int64 = if case .list = type { 2 } else { 0 }
      let format = ArrowFormat.format(of: element)
      children = [ArrowField(name: "item", formatString: format, flags: flags)]
    }
    if case .set = type, !entries.contains(ArrowFormat.setMark) {
      entries.append(ArrowFormat.setMark)
    }
    self.init(
      name: name, formatString: ArrowFormat.format(of: type), metadata: entries,
      children: children)
  }
}

/// A table's columns as Arrow describes them, with the table's own metadata.
///
/// A value: it refers to no memory of Arrow.
public struct ArrowSchemaReference: Hashable, Sendable {
  /// The columns in order.
  ///
  /// Names can repeat.
  public let fields: [ArrowField]
  /// The table's metadata.
  public let metadata: [ArrowField.Entry]

  /// Creates a schema.
  public init(fields: [ArrowField], metadata: [ArrowField.Entry] = []) {
    self.fields = fields
    self.metadata = metadata
  }

  /// Creates a schema of columns of contract types.
  public init(_ columns: [(name: String, type: DataType)]) {
    self.init(fields: columns.map { ArrowField(name: $0.name, type: $0.type) })
  }

  /// Where the column of the given name is; nil if there is none.
  public func index(of name: String) -> Int? {
    fields.firstIndex { $0.name == name }
  }

  /// Where the column of the given name is.
  /// - Throws: ``HindcastError``: `missing_column` if there is none, with the names that there are;
  ///   `duplicate_name` if there are several.
  public func requireIndex(of name: String, file: String? = nil) throws(HindcastError) -> Int {
    let found = fields.indices.filter { fields[$0].name == name }
    guard let first = found.first else {
      let names = fields.map(\.name).joined(separator: ", ")
      throw HindcastError(
        .missingColumn, "there is no column \"\(name)\"; the columns are \(names)",
        at: .init(file: file, column: name))
    }
    guard found.count == 1 else {
      throw HindcastError(
        .duplicateName, "there are \(found.count) columns \"\(name)\"",
        at: .init(file: file, column: name))
    }
    return first
  }

  /// The same schema with more columns at its end.
  public func appending(_ more: [ArrowField]) -> ArrowSchemaReference {
    ArrowSchemaReference(fields: fields + more, metadata: metadata)
  }
}
