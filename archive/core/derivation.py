"""What made a version of an article: the reader and the rules, each by its version.

Hidden spans, titles, dates and languages are derived. A better rule reaches what was read before only because each
version records what made it. A version without such a record was made by the first rules (``BASELINE``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.core.article import Span

# The first version of every rule; archives of before derivations were recorded were made by these.
BASELINE: Final = 1


class Origin(StrEnum):
    """Why a version exists: its file was new or had changed, or a newer reader made another text of the same bytes."""

    READ = "read"
    READ_AGAIN = "re-read"


@dataclass(frozen=True, slots=True)
class Rules:
    """The versions of the rules that make articles.

    Attributes:
        readers: name and version of each reader, such as ``html/1``.
        titles, cleaning, dates, language: versions of these rules.
    """

    readers: frozenset[str]
    titles: int = BASELINE
    cleaning: int = BASELINE
    dates: int = BASELINE
    language: int = BASELINE

    @property
    def fingerprint(self) -> str:
        """Return a line that differs where any rule does."""
        versions = f"titles/{self.titles} cleaning/{self.cleaning} dates/{self.dates} language/{self.language}"
        return f"{' '.join(sorted(self.readers))} {versions}"


@dataclass(frozen=True, slots=True)
class Derivation:
    """What made a version.

    Attributes:
        reader: name and version of the reader, then those of a reader that it asked (records that hold markup ask that
            of pages), and of libraries that they rely on.
        titles, cleaning, dates, language: versions of the rules.
        chunking: name of the rule by which passages were cut.
        origin: why the version exists.
        declared: the language that the record itself declares, which the text does not show.
        hidden: the spans that the reader handed over to be hidden; cleaning adds its own.
        kept: the rules under which it should have been read again and could not be; empty when it is as they make it.
    """

    reader: str
    chunking: str
    titles: int = BASELINE
    cleaning: int = BASELINE
    dates: int = BASELINE
    language: int = BASELINE
    origin: Origin = Origin.READ
    declared: str | None = None
    hidden: tuple[Span, ...] = ()
    kept: str = ""

    def needs_file(self, rules: Rules) -> bool:
        """Tell whether only the file can show what the rules make of it: the text alone has no title and no date."""
        reader, *helpers = self.reader.split(" ")
        names = {label.partition("/")[0] for label in rules.readers}
        asked = {helper for helper in helpers if helper.partition("/")[0] in names}
        is_read_so = rules.readers.issuperset({reader, *asked})
        return not is_read_so or (self.titles, self.dates) != (rules.titles, rules.dates)

    def needs_text(self, rules: Rules) -> bool:
        """Tell whether the stored text shows what newer rules make of it."""
        return (self.cleaning, self.language) != (rules.cleaning, rules.language)
