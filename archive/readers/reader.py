"""What a reader is: one row that says which files are its own, how they are read and how carefully."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.core.article import Draft, Refusal
from archive.core.errors import UsageError
from archive.core.record_fields import FieldsSeen
from archive.readers.common import Limits

Read = Callable[[Path, Limits], Iterator[Draft | Refusal]]
Survey = Callable[[Path, Limits], FieldsSeen | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """A format that can be read. Its functions are functions of a module, because they travel to other processes.

    Attributes:
        name: short, in lower case; with the version it is written down beside every text, as ``html/1``.
        version: raised with every change that reads some file otherwise; articles that an older version read are found
            by it.
        suffixes: of its files, in lower case, each with its dot; one may be of several, ``.warc.gz``.
        read: yields the drafts of a file, and a refusal for each part that cannot be taken in; at least one item.
            Unless it is sandboxed, nothing in the file may make it raise.
        magic: what the first bytes of its files match. A file whose name fits a reader that gives way is read by this
            one when it begins so.
        needs_magic: whether a file that does not match is refused, whatever its name.
        gives_way: whether files of its suffixes may be of another format, which their first bytes tell.
        binary: whether its files hold binary data; those of other readers must look like text.
        many: whether a file may hold many records.
        sandboxed: whether files are read in a process of their own, with limits of time and memory, because a parser
            written in C or one that may take for ever reads them.
        check: reads something of its own; called when a sandboxed reader failed at a file for no reason of time or
            memory. Where that raises too, what is installed is at fault, and no file is refused for it.
        load: called once when such a process starts, to load what ``read`` needs before its time begins to run.
        seconds: of the limits, where they differ from those of the others.
        memory: of the limits, where they differ from those of the others.
        survey: tells of a file of records what they hold and how it is read, where its readers can tell.
        variant: what an archive's settings make of it, in a word; what another variant read is read again.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    read: Read
    magic: re.Pattern[bytes] | None = None
    needs_magic: bool = False
    gives_way: bool = False
    binary: bool = False
    many: bool = False
    sandboxed: bool = False
    load: Callable[[], object] | None = None
    check: Callable[[], object] | None = None
    seconds: float | None = None
    memory: int | None = None
    survey: Survey | None = None
    variant: str = ""

    def __post_init__(self) -> None:
        """Refuse a sandboxed row whose functions cannot travel, else each of its files would be called too complex.

        Raises:
            UsageError: one of them is not a function of a module.
        """
        if not self.sandboxed:
            return
        try:
            pickle.dumps((self.read, self.load, self.check))
        except (AttributeError, TypeError, pickle.PicklingError) as error:
            what = f"The reader {self.name} is sandboxed, so its functions must be functions of a module ({error})."
            raise UsageError(what) from error

    @property
    def label(self) -> str:
        """Return its name and version, ``html/1``, and its variant where it has one, ``jsonl/3+a41c``."""
        return f"{self.name}/{self.version}{'+' if self.variant else ''}{self.variant}"

    def recognises(self, head: bytes) -> bool:
        """Tell whether a file begins as its files do."""
        return self.magic is not None and self.magic.match(head) is not None

    def limited(self, limits: Limits) -> Limits:
        """Return the limits its files are read with."""
        return replace(limits, seconds=self.seconds or limits.seconds, memory=self.memory or limits.memory)

    def signed(self, item: Draft | Refusal) -> Draft | Refusal:
        """Write its label on a draft, before what the draft says of the library that parsed it."""
        return replace(item, reader=f"{self.label} {item.reader}".rstrip()) if isinstance(item, Draft) else item
