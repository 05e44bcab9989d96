import ArgumentParser
import Hindcast
import HindcastCore

/// Parses the arguments, runs the command, and turns what it throws into a message and a code.
///
/// 0 is success, 1 a failure, 64 a mistake in the arguments, 130 an interrupt. A closed pipe is
/// success: whoever reads our output has had enough.
enum CommandLineRunner {
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try parse(OptionalValues.attach(arguments))
      try command.run()
      return 0
    } catch {
      return report(error, verb: arguments.first)
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

  private static func report(_ error: any Error, verb: String?) -> Int32 {
    switch error {
    case is ClosedPipe: return 0
    case let error as HindcastError:
      if isClosedPipe(error) { return 0 }
      StandardStreams.writeMessage("hindcast: \(message(error))\n")
      return error.code == .cancelled ? Signals.interruptedExitCode : 1
    case let error as ValidationError:
      let help = "hindcast \(verb.map { "\($0) " } ?? "")--help"
      StandardStreams.writeMessage("Error: \(error.message)\n  See '\(help)'.\n")
      return ExitCode.validationFailure.rawValue
    default: return reportParserError(error)
    }
  }

  /// Help and version are errors to the parser, and go to standard output.
  private static func reportParserError(_ error: any Error) -> Int32 {
    let code = HindcastCommand.exitCode(for: error)
    let text = HindcastCommand.fullMessage(for: error)
    guard !text.isEmpty else { return code.rawValue }
    let line = text.hasSuffix("\n") ? text : text + "\n"
    if code.isSuccess {
      try? StandardStreams.write(line)
    } else {
      StandardStreams.writeMessage(line)
    }
    return code.rawValue
  }

  private static func message(_ error: HindcastError) -> String {
    var text = error.description
    var cause = error.cause
    while let inner = cause as? HindcastError {
      text += "\n  because \(inner.description)"
      cause = inner.cause
    }
    return text
  }

  private static func isClosedPipe(_ error: HindcastError) -> Bool {
    error.code == .io && error.message.contains("Broken pipe")
  }
}
