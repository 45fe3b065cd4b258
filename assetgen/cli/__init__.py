"""The command line: click's options and help, and the one place where errors become words and exit codes."""
