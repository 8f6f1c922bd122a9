"""Copying to the clipboard, or to a new file: which ways there are from here, and what is known to have come of it."""
