import HindcastCore

/// Says which option states a file's format, where its name does not.
enum FormatOptions {
  /// Runs `body`; an error about the format of one of the files names that file's option.
  static func naming<Result>(
    _ options: [String: String], _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch var error as HindcastError {
      if let file = error.location?.file, let option = options[file] {
        error.message = error.message.replacing("state one of", with: "say it with \(option):")
      }
      throw error
    }
  }
}
