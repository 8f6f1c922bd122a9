"""The command ``morgue`` below its commands: the group, running, signals, watching, progress, the machine's resources.

A command itself is a module of ``tui.cli.commands``, imported when it is used.
"""
