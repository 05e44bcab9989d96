import ArgumentParser
import Hindcast
import HindcastCore

/// Parses the arguments, runs the command, and turns what it throws into a message and a code.
///
/// 0 is success, 1 a failure, 64 a mistake in the arguments, 130 an interrupt. A closed pipe is
/// success: whoever reads our output has had enough.
enum CommandLineRunner {
  ///
  /// With `--json` a failure is one JSON object on standard error: `error`, a code, and `message`.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try parse(OptionalValues.attach(arguments))
      try command.run()
      return 0
    } catch {
      return report(error, verb: arguments.first, asJSON: arguments.contains("--json"))
    }
  }

  /// Parses with the verb's own command: building all commands takes longer than a `get`.
  ///
  /// Where that fails the whole tree says why, so that messages name the command in full.
  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    let verb = HindcastCommand.configuration.subcommands.first {
      $0.configuration.commandName == arguments.first
    }
    if let verb, verb.configuration.subcommands.isEmpty,
      let command = try? verb.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == verb
    {
      return command
    }
    return try HindcastCommand.parseAsRoot(arguments)
  }

  /// Tells an error; returns the exit code.
  static func report(_ error: any Error, verb: String?, asJSON: Bool) -> Int32 {
    func tell(_ text: String, _ code: String, _ message: String) {
      let document: JSONValue = ["error": .string(code), "message": .string(message)]
      StandardStreams.writeMessage(asJSON ? document.compact + "\n" : text)
    }
    switch error {
    case is ClosedPipe: return 0
    case let error as HindcastError:
      if error.code == .closedPipe { return 0 }
      if Interruption.isRequested {
        let isTold = error.code == .cancelled
        let text = isTold ? error.message : "interrupted; nothing was written"
        tell("hindcast: \(text)\n", HindcastError.Code.cancelled.name, text)
        return Signals.interruptedExitCode
      }
      tell("hindcast: \(message(error))\n", error.code.name, message(error))
      return 1
    case let error as ValidationError:
      let words = verb == "bench" ? ["bench", "join"] : [verb].compactMap { $0 }
      let help = (["hindcast"] + words + ["--help"]).joined(separator: " ")
      tell("Error: \(error.message)\n  See '\(help)'.\n", usageCode, error.message)
      return ExitCode.validationFailure.rawValue
    default:
      let code = HindcastCommand.exitCode(for: error)
      let text = HindcastCommand.fullMessage(for: error)
      guard !text.isEmpty else { return code.rawValue }
      let line = text.hasSuffix("\n") ? text : text + "\n"
      // Help and version are errors to the parser, and go to standard output.
      if code.isSuccess {
        try? StandardStreams.write(line)
      } else {
        tell(line, usageCode, HindcastCommand.message(for: error))
      }
      return code.rawValue
    }
  }

  /// The error code of a mistake in the arguments.
  private static let usageCode = "usage"

  private static func message(_ error: HindcastError) -> String {
    var text = error.description
    var cause = error.cause
    while let inner = cause as? HindcastError {
      text += "\n  because \(inner.description)"
      cause = inner.cause
    }
    return text
  }
}
