import CCrypto
import HindcastCore

/// A SHA-256 (FIPS 180-4) that is fed piece by piece, by OpenSSL's libcrypto.
@safe
package final class SHA256 {
  private let context: OpaquePointer

  /// Starts a hash of nothing.
  package init() {
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    else { preconditionFailure("libcrypto has no SHA-256") }
    unsafe self.context = unsafe context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  /// Takes bytes in.
  package func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
  }

  /// Takes bytes in.
  package func update(_ bytes: [UInt8]) {
    update(Buffer(bytes).bytes)
  }

  /// The 32 bytes of the hash.
  ///
  /// Nothing can be taken in afterwards.
  package func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe digest.withUnsafeMutableBufferPointer { buffer in
      _ = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return digest
  }
}
