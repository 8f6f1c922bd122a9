"""The nouns of the archive: immutable values, no behaviour beyond what their fields imply.

All offsets are Python code points into ``Version.text``, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from archive.core.record_fields import Role

# The share of the articles above which work does not start unasked. Chosen, not measured.
_MUCH: Final = 0.05


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of a text by which people cite it, such as a page.

    Attributes:
        start: offset into ``Version.text`` where it begins; it ends where the next begins.
        kind: ``page``, ``record`` or ``message``.
        label: its number or name, as the file has it: ``3``, ``xii``.
    """

    start: int
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """A root that was added: a folder or a file.

    Attributes:
        id: short stable identifier, shown to people.
        root: absolute path as it was added.
        added: UTC time, ISO 8601.
    """

    id: str
    root: str
    added: str


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a record comes from.

    Attributes:
        source: id of the source.
        path: NFC, relative to the source's root, with ``/``; the file's own name when the source is a file.
        record: record id, else 1-based line, for files that hold many records; None for whole files.
    """

    source: str
    path: str
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What cleaning and cutting found in a text.

    Attributes:
        hidden: sorted, disjoint spans that cleaning hid.
        language: ISO 639-1 code, None when it could not be told.
        passages: spans of the passages, in order.
    """

    hidden: tuple[Span, ...]
    language: str | None
    passages: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A field that is known by its name, and states something that could not be read as what it should be.

    Attributes:
        role: what it should be to the article: ``published``, ``url``.
        field: where it is in the record, as ``meta.date``.
        value: what it states, or how that begins, on one line.
        path: absolute path of the file, where it is told of a file.
        records: how many records of the file are like this; ``value`` is of the first.
    """

    role: Role
    field: str
    value: str
    path: str = ""
    records: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    r"""What a reader yields from one record, before cleaning.

    Attributes:
        text: the future ``Version.text``: newlines are ``\n``, forbidden controls replaced one for one.
        title: never empty.
        title_from: ``metadata``, ``heading``, ``first line`` or ``file name``.
        record: record id or line within its file, None for whole files.
        published: ISO 8601 date or time, None when unknown.
        published_from: where the date was found (``metadata``, ``text``, ``url``), None when unknown.
        language: ISO 639-1 code the record itself declares, None when it does not.
        raw_digest: sha256 (hex) of the raw bytes of the record.
        reader: name and version of the reader, ``html/1``, then those of a reader that it asked and of the library
            that parsed the record, where there is one; a reader gives only these, the registry puts its own before
            them.
        damage: characters that could not be decoded and were replaced, that were read as of another encoding, or that
            show that another program read the text as of a wrong one.
        unnamed: ``record`` is merely a line, which another record may take.
        hidden: sorted, disjoint spans of ``text`` that the reader knows to be no reporting, such as front matter.
        parts: the parts of ``text`` that can be cited, sorted by their starts; empty where the format has none.
        prepared: what cleaning and cutting found, when that was done ahead.
        unread: fields that the record states and nobody could read as what they should be.
    """

    text: str
    title: str
    title_from: str
    raw_digest: str
    reader: str = ""
    record: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    published_from: str | None = None
    language: str | None = None
    damage: int = 0
    unnamed: bool = False
    hidden: tuple[Span, ...] = ()
    parts: tuple[Part, ...] = ()
    prepared: Prepared | None = None
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or record that was not taken in, and why.

    Attributes:
        path: absolute path.
        record: record id or line, None for the whole file.
        code: stable word: ``empty``, ``binary``, ``too-large``, ``unreadable``, ``broken-link``, ``broken-record``,
            ``no-text``, ``too-complex``, ``not-a-file``, ``unsupported``, ``purged``.
        reason: one plain sentence.
    """

    path: str
    record: str | None
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """One publication, with the metadata of its current version.

    Attributes:
        id: minted from the first locator and kept for good (16 hexadecimal digits).
        version: digest of the current version.
        published: ISO 8601 date or time, None when unknown; ``published_from`` says where it was found.
        language: ISO 639-1 code, None when it could not be told.
        path: absolute path of the file it was last read from.
        record: record within that file, None for whole files.
        gone: the file or record is no longer there; the article stays searchable.
    """

    id: str
    version: str
    title: str
    outlet: str | None
    author: str | None
    url: str | None
    published: str | None
    published_from: str | None
    language: str | None
    path: str
    record: str | None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an article at one time.

    Attributes:
        digest: sha256 (hex) of ``text`` in UTF-8.
        hidden: sorted, disjoint spans of ``text`` that cleaning hid; nothing of them is ever a hit.
        seen: UTC time of the first reading, ISO 8601.
    """

    article_id: str
    digest: str
    text: str
    hidden: tuple[Span, ...]
    seen: str
    reader: str
    raw_digest: str
    damage: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a version: ``version.text[start:end] == text``, free of hidden spans.

    Attributes:
        id: hash of (article id, passage text, occurrence number), 16 hexadecimal digits.
        version: digest of the version the offsets refer to.
    """

    id: str
    article_id: str
    version: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Indexable:
    """An article as the index takes it: its current version with that version's passages, in order."""

    article: Article
    version: Version
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Outdated:
    """What older rules made and newer ones may make otherwise.

    Attributes:
        articles: how many; ``passages`` are those of their current versions.
        of: how many articles there are where it was looked.
    """

    articles: int = 0
    passages: int = 0
    of: int = 0

    @property
    def is_much(self) -> bool:
        """Tell whether it is so much that nobody should have the work start unasked."""
        return self.articles > _MUCH * self.of


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What reading the sources gave; every count is of articles (records), not of files.

    Attributes:
        reprocessed: articles that newer rules made otherwise; their files count as unchanged.
        reprocessed_passages: how many passages these have now.
        kept: articles that newer rules would have to read again and cannot, because the file is gone or cannot be
            read; each is told once and stays as it was read.
        waiting: what older rules made and was left for now, because nobody agreed to so much work.
        unread: what records of articles that were added or changed state and nobody could read, by files and fields.
        damaged: of the articles that were added or changed, those in which characters were not read as they were
            written; ``damage`` is how many characters, in all of them (see ``Draft``).
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    missing: int = 0
    refusals: tuple[Refusal, ...] = ()
    new_refusals: tuple[Refusal, ...] = ()
    reprocessed: int = 0
    reprocessed_passages: int = 0
    kept: int = 0
    waiting: Outdated = Outdated()
    unread: tuple[Unread, ...] = ()
    damaged: int = 0
    damage: int = 0
