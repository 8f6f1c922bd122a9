"""The archive's folder on disk: durable writes, locks, layout, settings (``morgue.toml``), paths, finding an archive.

A key of the settings is added in ``settings``; every file that is made, moved or removed goes through ``files``.
"""
