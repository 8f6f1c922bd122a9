"""Unit vectors: kept durably in our own segments; the nearest found exactly, by codes, by estimates or by Chroma."""
