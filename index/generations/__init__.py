"""An index on disk: numbered, immutable generations, of which one is in use.

``generation`` opens, holds and collects them. ``manifest``: what a generation was made of. ``columns``: stored fields
of passages and articles, by ordinal. ``checksums``: whether its files are whole. ``open``: its parts, ready to be
searched.
"""
