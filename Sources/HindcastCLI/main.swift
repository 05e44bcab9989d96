// The process: signals first, so that nothing partial is left from the first moment on.
Signals.install()
StandardStreams.occupy()
OpenFileLimit.raise()
exitProcess(with: CommandLineRunner.run(Array(CommandLine.arguments.dropFirst())))
