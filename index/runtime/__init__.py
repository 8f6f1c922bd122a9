"""How work is run: threads, subprocesses, and what is remembered between runs.

``subprocess``: work in a process of its own, where a crash is an answer. ``threads``: two or more pieces at once.
``memo``: results kept on disk.
"""
