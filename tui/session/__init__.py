"""What an open program holds for both the UI and servers: lent searchers and numbered requests.

A server itself is a command (``tui.cli.commands``) that borrows a ``SearcherPool``.
"""
