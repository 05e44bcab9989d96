import CXXHash

/// XXH64, seed 0, of the bytes.
func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  unsafe bytes.withUnsafeBytes { unsafe hindcast_xxh64($0.baseAddress, $0.count, 0) }
}
