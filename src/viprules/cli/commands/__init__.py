"""The commands, one module each: `options(parser)` adds what a command takes, `run(given, console)` does it."""
