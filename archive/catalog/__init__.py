"""The catalog: one SQLite file, the truth of an archive. The only package that speaks SQL.

A new thing that is kept for good (a saved search, a star) begins here: a table in ``schema``, a migration in
``migrations``, a module that reads and writes it.
"""
