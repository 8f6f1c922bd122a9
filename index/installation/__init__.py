"""What Morgue stands on: the packages it needs, the model's files, this machine.

``packages``: what each package is for. ``trial_imports``, ``versions``: whether they can be imported and fit.
``machine``: Python, folders, SQLite, the terminal. ``doctor``: all of it, and the model and the archive. Nothing here
needs any package to be sound.
"""
