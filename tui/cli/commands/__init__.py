"""The commands, one a module; ``tui.cli.group`` lists them. A command parses options, calls the library and prints.

A server (MCP, HTTP) begins as a command here, too.
"""
