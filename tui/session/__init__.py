"""What an open program holds for both the UI and servers: lent searchers, numbered requests, and the history of asking.

A server itself is a command (``tui.cli.commands``) that borrows a ``SearcherPool``.
"""
