"""Unit vectors: kept durably in our own segments, searched exactly, or through Chroma for candidates."""
