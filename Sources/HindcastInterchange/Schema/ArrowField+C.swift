import CArrow
import HindcastCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ArrowField {
  /// Copies a schema of the C data interface; does not release it.
  init(copying schema: UnsafePointer<ArrowSchema>, depth: Int = 0) throws(HindcastError) {
    guard depth < 64, unsafe schema.pointee.release != nil,
      let format = unsafe schema.pointee.format
    else { throw HindcastError(.corrupt, "the schema is released, or nested too deeply") }
    var children: [ArrowField] = []
    for index in 0..<max(0, unsafe Int(schema.pointee.n_children)) {
      guard let child = unsafe schema.pointee.children?[index] else {
        throw HindcastError(.corrupt, "the schema lacks a child")
      }
      children.append(unsafe try ArrowField(copying: child, depth: depth + 1))
    }
    var dictionary: [ArrowField] = []
    if let values = unsafe schema.pointee.dictionary {
      dictionary.append(unsafe try ArrowField(copying: values, depth: depth + 1))
    }
    unsafe self.init(
      name: schema.pointee.name.map { unsafe String(cString: $0) } ?? "",
      formatString: String(cString: format), flags: schema.pointee.flags,
      metadata: Self.entries(schema.pointee.metadata), children: children, dictionary: dictionary)
  }

  /// Reads metadata: the number of entries, then each key and value with its length before it, all
  /// lengths 32 bits.
  private static func entries(_ start: UnsafePointer<CChar>?) -> [Entry] {
    guard let start = unsafe start else { return [] }
    var position = unsafe UnsafeRawPointer(start)
    func length() -> Int {
      let value = unsafe position.loadUnaligned(as: Int32.self)
      unsafe position += 4
      return Int(max(0, value))
    }
    func bytes() -> [UInt8] {
      let count = length()
      let copy = unsafe Array(UnsafeRawBufferPointer(start: position, count: count))
      unsafe position += count
      return copy
    }
    return (0..<length()).map { _ in Entry(key: bytes(), value: bytes()) }
  }

  /// Fills a schema of the C data interface, which the receiver releases.
  func export(to target: UnsafeMutablePointer<ArrowSchema>) {
    let childPointers = UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>.allocate(
      capacity: max(1, children.count))
    for (index, child) in children.enumerated() {
      let pointer = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
      unsafe child.export(to: pointer)
      unsafe childPointers[index] = unsafe pointer
    }
    var values: UnsafeMutablePointer<ArrowSchema>?
    if let dictionary = dictionary.first {
      let pointer = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
      unsafe dictionary.export(to: pointer)
      unsafe values = unsafe pointer
    }
    let ledger = ArrowLedger.current
    ledger.noteLent()
    unsafe target.initialize(
      to: ArrowSchema(
        format: UnsafePointer(strdup(formatString)), name: UnsafePointer(strdup(name)),
        metadata: Self.encoded(metadata), flags: flags, n_children: Int64(children.count),
        children: childPointers, dictionary: values, release: releaseSchema,
        private_data: Unmanaged.passRetained(ledger).toOpaque()))
  }

  private static func encoded(_ entries: [Entry]) -> UnsafePointer<CChar>? {
    guard !entries.isEmpty else { return nil }
    var bytes: [UInt8] = []
    func append(_ number: Int) {
      unsafe withUnsafeBytes(of: Int32(number)) { unsafe bytes.append(contentsOf: $0) }
    }
    append(entries.count)
    for entry in entries {
      append(entry.key.count)
      bytes += entry.key
      append(entry.value.count)
      bytes += entry.value
    }
    guard let copy = unsafe malloc(bytes.count) else { return nil }
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress {
        unsafe copy.copyMemory(from: start, byteCount: source.count)
      }
    }
    return unsafe UnsafePointer(copy.assumingMemoryBound(to: CChar.self))
  }
}

/// Frees an exported schema and everything under it.
private func releaseSchema(_ schema: UnsafeMutablePointer<ArrowSchema>?) {
  guard let schema = unsafe schema, unsafe schema.pointee.release != nil else { return }
  for index in 0..<(unsafe Int(schema.pointee.n_children)) {
    if let child = unsafe schema.pointee.children?[index] { unsafe releaseAndFree(child) }
  }
  if let values = unsafe schema.pointee.dictionary { unsafe releaseAndFree(values) }
  unsafe schema.pointee.children?.deallocate()
  unsafe free(UnsafeMutableRawPointer(mutating: schema.pointee.format))
  unsafe free(UnsafeMutableRawPointer(mutating: schema.pointee.name))
  unsafe free(UnsafeMutableRawPointer(mutating: schema.pointee.metadata))
  unsafe schema.pointee.release = nil
  if let ledger = unsafe schema.pointee.private_data {
    unsafe Unmanaged<ArrowLedger>.fromOpaque(ledger).takeRetainedValue().noteReturned()
  }
}

private func releaseAndFree(_ schema: UnsafeMutablePointer<ArrowSchema>) {
  if let release = unsafe schema.pointee.release { unsafe release(schema) }
  unsafe schema.deallocate()
}

extension ArrowSchemaReference {
  /// The schema as the struct that a batch is.
  var asStruct: ArrowField {
    ArrowField(name: "", formatString: "+s", flags: 0, metadata: metadata, children: fields)
  }

  /// Lends the schema to `body` as a struct of the C data interface and takes it back if `body` did
  /// not.
  func withExported<R>(
    _ body: (UnsafeMutablePointer<ArrowSchema>) throws(HindcastError) -> R
  ) throws(HindcastError) -> R {
    let target = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
    unsafe asStruct.export(to: target)
    defer { unsafe releaseAndFree(target) }
    return unsafe try body(target)
  }
}
