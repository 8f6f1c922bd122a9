"""Readers: what turns a file of any kind into drafts of articles."""

from archive.readers.common import Limits
from archive.readers.reader import Reader
from archive.readers.registry import READERS, named_for, read, read_here, suffixes
from archive.readers.sandbox import release

__all__ = ["READERS", "Limits", "Reader", "named_for", "read", "read_here", "release", "suffixes"]
