import Synchronization

/// Pages of any number of segments that were read for a look-up, up to a number of bytes.
///
/// Holds pages decompressed but encoded, so that a page of 8,192 rows takes what it takes in an
/// uncompressed file. What was not used for longest goes first, by the clock algorithm (Corbató,
/// 1968): a hit only sets a flag. Whole scans read past it.
///
/// Safe to share between threads.
public final class PageCache: Sendable {
  /// The most that it holds, in bytes.
  public let byteLimit: Int
  private let state = Mutex<State>(State())

  private struct State {
    var entries: [Entry] = []
    var hand = 0
    var byteCount = 0
  }

  private struct Entry {
    var page: EncodedPage
    var index: Int
    var slots: PageSlots
  }

  /// An empty cache of at most `byteLimit` bytes; a page that is larger by itself is not kept.
  public init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The bytes that it holds at the moment.
  public var byteCount: Int { state.withLock { $0.byteCount } }

  /// Keeps a page that `slots` do not have yet.
  func insert(_ page: EncodedPage, at index: Int, of slots: PageSlots) {
    let size = page.memoryByteCount
    guard size <= byteLimit else { return }
    state.withLock { state in
      while state.byteCount + size > byteLimit { Self.evict(&state) }
      guard slots.set(page, at: index) else { return }
      state.entries.append(Entry(page: page, index: index, slots: slots))
      state.byteCount += size
    }
  }

  /// Lets one page go: the first at the hand that was not used since it came by.
  private static func evict(_ state: inout State) {
    while true {
      if state.hand >= state.entries.count { state.hand = 0 }
      let entry = state.entries[state.hand]
      if entry.page.wasUsed.exchange(false, ordering: .relaxed), entry.slots.isInUse {
        state.hand += 1
        continue
      }
      entry.slots.clear(entry.index)
      state.byteCount -= entry.page.memoryByteCount
      state.entries.swapAt(state.hand, state.entries.count - 1)
      state.entries.removeLast()
      return
    }
  }
}

/// The pages of one column that are in a cache.
final class PageSlots: Sendable {
  private let pages = Mutex<[EncodedPage?]>([])
  private let pageCount: Int
  private let hasReader = Atomic<Bool>(true)

  init(pageCount: Int) { self.pageCount = pageCount }

  /// Whether the column's reader is still there.
  var isInUse: Bool { hasReader.load(ordering: .relaxed) }

  /// Tells that the column's reader is gone, so that its pages go at the next turn.
  func close() { hasReader.store(false, ordering: .relaxed) }

  /// Page `index`; nil if it is not in the cache.
  func page(_ index: Int) -> EncodedPage? {
    let page = pages.withLock { index < $0.count ? $0[index] : nil }
    guard let page else { return nil }
    if !page.wasUsed.load(ordering: .relaxed) { page.wasUsed.store(true, ordering: .relaxed) }
    return page
  }

  /// Puts a page in its place; false if another was faster.
  func set(_ page: EncodedPage, at index: Int) -> Bool {
    pages.withLock { pages in
      if pages.isEmpty { pages = Array(repeating: nil, count: pageCount) }
      guard pages[index] == nil else { return false }
      pages[index] = page
      return true
    }
  }

  func clear(_ index: Int) { pages.withLock { $0[index] = nil } }
}
