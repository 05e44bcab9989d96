import Foundation
import HindcastCore
import HindcastFuzzKit

/// What the command's first argument names; set once, before the first input.
nonisolated(unsafe) private var target: FuzzTarget?

/// Reads which target is meant: `hindcast-fuzz reader|pages|writer [libFuzzer's arguments]`.
///
/// `hindcast-fuzz seed FOLDER GOLDEN...` writes the inputs that a search starts from, and ends.
@c(LLVMFuzzerInitialize)
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let words = CommandLine.arguments.dropFirst()
  if words.first == "seed", words.count > 1 {
    exit(writeSeeds(to: words[words.startIndex + 1], from: words.dropFirst(2)) ? 0 : 1)
  }
  guard let name = words.first, let named = FuzzTarget(rawValue: name) else {
    print("usage: hindcast-fuzz reader|pages|writer [arguments of libFuzzer]")
    print("       hindcast-fuzz seed FOLDER SEGMENT...")
    exit(64)
  }
  unsafe target = named
  // The rest belongs to libFuzzer, behind the program's name.
  for index in 1..<max(1, Int(unsafe count.pointee) - 1) {
    unsafe arguments.pointee[index] = unsafe arguments.pointee[index + 1]
  }
  unsafe count.pointee -= 1
  return 0
}

/// Checks one input; aborts on a finding, whose input libFuzzer then keeps.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe UnsafeBufferPointer(start: start, count: count)
  do {
    // A copy of its own, so that the sanitizer knows where the input ends.
    try unsafe target?.check(Buffer(copying: input.span))
  } catch {
    FileHandle.standardError.write(Data("finding: \(error)\n".utf8))
    abort()
  }
  return 0
}
