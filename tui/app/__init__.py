"""The terminal UI: the application, its state, keys and messages, and the thread that asks the archive.

A key is added in ``keys``; what a screen draws in ``screens``, ``widgets`` and ``view``; long work in ``worker``.
"""
