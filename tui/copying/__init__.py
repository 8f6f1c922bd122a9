"""Copying to the clipboard: which ways there are from here, going them, and what is known to have come of it."""
