/// A block of immutable bytes, aligned to 16 and shared by reference.
///
/// Filled through ``MutableBuffer``, or lent by another owner (an imported Arrow array) that is let
/// go when the buffer is. All reads go through spans.
@safe
public final class Buffer: @unchecked Sendable {
  /// The number of bytes.
  public let byteCount: Int
  @usableFromInline let base: UnsafeRawPointer
  private let storage: Storage

  private enum Storage {
    case owned
    case lent(any AnyObject & Sendable)
  }

  /// Takes over memory that ``MutableBuffer`` allocated.
  fileprivate init(owning base: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe self.base = UnsafeRawPointer(base)
    self.byteCount = byteCount
    storage = .owned
  }

  /// Wraps memory that `owner` keeps alive and unchanged for as long as it lives.
  ///
  /// `base` must be aligned for the elements that will be read from it.
  @unsafe package init(
    borrowing base: UnsafeRawPointer, byteCount: Int, owner: any AnyObject & Sendable
  ) {
    unsafe self.base = base
    self.byteCount = byteCount
    storage = .lent(owner)
  }

  deinit {
    if case .owned = storage { unsafe base.deallocate() }
  }

  /// All bytes.
  @inlinable
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The bytes as elements of `type`; a rest that is shorter than an element is left out.
  @inlinable
  @_lifetime(borrow self)
  public func span<Element: BitwiseCopyable>(of type: Element.Type) -> Span<Element> {
    let start = unsafe base.assumingMemoryBound(to: Element.self)
    let span = unsafe Span(_unsafeStart: start, count: byteCount / MemoryLayout<Element>.stride)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Where the bytes are, for C interfaces.
  ///
  /// Valid for as long as the buffer lives.
  @unsafe package var address: UnsafeRawPointer { unsafe base }
}

extension Buffer {
  /// A copy of `elements`.
  @inlinable
  public convenience init<Element: BitwiseCopyable>(_ elements: [Element]) {
    self.init(copying: elements.span)
  }

  /// A copy of `elements`.
  @inlinable
  public convenience init<Element: BitwiseCopyable>(copying elements: Span<Element>) {
    var buffer = MutableBuffer(capacity: elements.count * MemoryLayout<Element>.stride)
    buffer.append(contentsOf: elements)
    self.init(buffer)
  }

  /// Takes over a mutable buffer's memory.
  public convenience init(_ buffer: consuming MutableBuffer) {
    let byteCount = buffer.byteCount
    unsafe self.init(owning: buffer.release(), byteCount: byteCount)
  }

  /// A copy of the elements as an array.
  public func array<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
    let span = self.span(of: type)
    return unsafe Array(unsafeUninitializedCapacity: span.count) { target, count in
      count = span.count
      guard let start = target.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(start).copyMemory(
        from: base, byteCount: count * MemoryLayout<Element>.stride)
    }
  }
}

/// A block of bytes, aligned to 16, owned by one place that fills it and then freezes it into a
/// ``Buffer`` without copying.
@safe
public struct MutableBuffer: ~Copyable {
  /// The number of bytes in use.
  @inlinable public var byteCount: Int { usedByteCount }
  @usableFromInline var usedByteCount: Int
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int

  /// Allocates `byteCount` bytes, all zero.
  public init(byteCount: Int = 0, capacity: Int = 0) {
    usedByteCount = byteCount
    self.capacity = Self.rounded(max(byteCount, capacity))
    unsafe base = unsafe Self.allocate(self.capacity)
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  /// Allocates `byteCount` bytes whose values are whatever lay there before.
  ///
  /// For bytes that are all written before any is read; clearing them first costs a third as much
  /// as reading them from a file.
  @unsafe package init(uninitializedByteCount byteCount: Int) {
    usedByteCount = byteCount
    capacity = Self.rounded(byteCount)
    unsafe base = unsafe Self.allocate(capacity)
  }

  deinit {
    unsafe base.deallocate()
  }

  private static func rounded(_ byteCount: Int) -> Int {
    (max(byteCount, 64) + 63) & ~63
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
    // What malloc aligns to. More costs it a search and a split, and puts the same places of all
    // buffers into the same sets of the processor's caches: 6% of a scan, half of a look-up.
    UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }

  fileprivate consuming func release() -> UnsafeMutableRawPointer {
    let base = unsafe self.base
    discard self
    return unsafe base
  }

  /// Makes room for `additional` more bytes, at least doubling where it grows.
  public mutating func reserve(additional: Int) {
    let needed = byteCount + additional
    guard needed > capacity else { return }
    let newCapacity = Self.rounded(max(needed, capacity * 2))
    let newBase = unsafe Self.allocate(newCapacity)
    unsafe newBase.copyMemory(from: base, byteCount: byteCount)
    unsafe base.deallocate()
    unsafe base = unsafe newBase
    capacity = newCapacity
  }

  /// Changes the number of bytes in use; new bytes are zero.
  public mutating func resize(byteCount newCount: Int) {
    if newCount > byteCount {
      reserve(additional: newCount - byteCount)
      unsafe (base + byteCount).initializeMemory(
        as: UInt8.self, repeating: 0, count: newCount - byteCount)
    }
    usedByteCount = newCount
  }

  /// Adds one element at the end.
  @inlinable
  public mutating func append<Element: BitwiseCopyable>(_ element: Element) {
    let end = grow(by: MemoryLayout<Element>.stride)
    unsafe (base + end).storeBytes(of: element, as: Element.self)
  }

  /// Adds bytes at the end.
  @inlinable
  public mutating func append(contentsOf bytes: RawSpan) {
    let end = grow(by: bytes.byteCount)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe (base + end).copyMemory(from: start, byteCount: source.count)
    }
  }

  /// Adds a range of `source` at the end.
  ///
  /// A short range is copied in one go with what lies behind it, which the next covers: without a
  /// call or a branch on its length.
  @inlinable
  public mutating func append(_ range: Range<Int>, of source: RawSpan) {
    typealias Short = SIMD16<UInt8>
    let short = MemoryLayout<Short>.size
    guard range.count <= short, range.lowerBound <= source.byteCount - short,
      byteCount <= capacity - short
    else { return append(contentsOf: source.extracting(range)) }
    let value = unsafe source.unsafeLoadUnaligned(fromByteOffset: range.lowerBound, as: Short.self)
    unsafe (base + byteCount).storeBytes(of: value, as: Short.self)
    usedByteCount += range.count
  }

  /// Adds elements at the end.
  @inlinable
  public mutating func append<Element: BitwiseCopyable>(contentsOf elements: Span<Element>) {
    let end = grow(by: elements.count * MemoryLayout<Element>.stride)
    copy(elements, to: end)
  }

  /// Makes room for `count` bytes that are left as they are, and returns where they start.
  @usableFromInline mutating func grow(by count: Int) -> Int {
    reserve(additional: count)
    let end = byteCount
    usedByteCount += count
    return end
  }

  /// Copies elements over the bytes that start at `offset`; they must fit.
  @inlinable
  public mutating func copy<Element: BitwiseCopyable>(_ elements: Span<Element>, to offset: Int) {
    let length = elements.count * MemoryLayout<Element>.stride
    precondition(offset >= 0 && offset + length <= byteCount)
    unsafe elements.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe (base + offset).copyMemory(from: start, byteCount: length)
    }
  }

  /// All bytes in use.
  @inlinable
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get {
      let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The bytes as elements of `type`, to write to.
  @inlinable
  @_lifetime(&self)
  public mutating func mutableSpan<Element: BitwiseCopyable>(
    of type: Element.Type
  ) -> MutableSpan<Element> {
    let start = unsafe base.assumingMemoryBound(to: Element.self)
    let span = unsafe MutableSpan(
      _unsafeStart: start, count: byteCount / MemoryLayout<Element>.stride)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// The bytes as elements of `type`, to read from.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func span<Element: BitwiseCopyable>(of type: Element.Type) -> Span<Element> {
    let start = unsafe UnsafeRawPointer(base).assumingMemoryBound(to: Element.self)
    let span = unsafe Span(_unsafeStart: start, count: byteCount / MemoryLayout<Element>.stride)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The same bytes, immutable and shareable.
  public consuming func freeze() -> Buffer {
    Buffer(self)
  }

  /// Where the bytes are, for C interfaces.
  ///
  /// Valid until the buffer grows or ends.
  @unsafe package var address: UnsafeMutableRawPointer { unsafe base }
}
