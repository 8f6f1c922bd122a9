"""Text as such: decoding bytes, sentences, passages (``chunking``), dates in writing, languages and addresses.

Pure functions from values to values: no files, no catalog.
"""
