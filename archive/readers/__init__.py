"""Readers: what turns a file of any kind into drafts of articles.

A format is a module here and its row in ``registry``. ``titles`` finds titles, ``pages`` and ``fields`` dates and
their provenance; ``sandbox`` reads in a process with limits.
"""

from archive.readers.common import Limits
from archive.readers.reader import Reader
from archive.readers.registry import READERS, mapped, named_for, read, read_here, suffixes
from archive.readers.sandbox import release

__all__ = ["READERS", "Limits", "Reader", "mapped", "named_for", "read", "read_here", "release", "suffixes"]
