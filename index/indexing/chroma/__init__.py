"""The part of a build that Chroma takes: its records, made in a process of their own, and whether the index is kept."""
