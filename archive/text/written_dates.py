"""Days as people write them in many languages, with the month as a word, by dateparser; only whole ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

# Of dateparser's 205 languages the first, which it orders by use. With all of them, the first text that is no date
# takes 3.1 s, because each language is loaded for it; with these, 1.6 s, and 15 ms for each further one.
_LANGUAGES: Final = 50
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
# "09h41" is a time to dateparser in French alone.
_HOURS: Final = re.compile(r"(?<!\d)(\d{1,2})\s?h\s?(\d{2})(?!\d)")
_LETTER: Final = re.compile(r"[^\W\d_]")
_RANGE: Final = re.compile(r"(?<![\d/.–-])\d{1,2}\s?[–-]\s?\d{1,2}(?![\d/.:–-])")

# What stands before a day of publication, as a regular expression; longer labels before those that they begin with.
PUBLISHED: Final = "|".join(
    (
        r"first published|published|publication date|posted|submitted|released|issued|dated",
        r"date de publication|publiée?|parue?|mise? en ligne|date",
        r"veröffentlicht|erschienen|datum|gepubliceerd|geplaatst|publicerad|publisert|udgivet|offentliggjort|julkaistu",
        r"fecha de publicación|fecha|publicad[oa]|data di pubblicazione|pubblicat[oa]|data de publicação|publicat",
        r"data publikacji|opublikowano|publikováno|zveřejněno|vydáno|zverejnené|megjelent|közzétéve|objavljeno|data",
        r"paskelbta|publicēts|avaldatud|δημοσιεύ(?:τη|θη)κε|δημοσίευση",
        r"дата публикации|опубликован[оа]?|опубліковано|публикуван[оа]|објављено",
        r"yayı(?:[mn]?lan|n|mla)ma(?: tarihi)?|yayın tarihi|tarihinde yayı[mn]landı|(?:giriş|eklenme)(?: tarihi)?",
        r"تاريخ النشر|تم النشر|نُ?شر(?: في)?|تاریخ انتشار|פורסם",
        r"प्रकाशित|প্রকাশিত|เผยแพร่|ngày đăng|diterbitkan|dipublikasikan",
    )
)


def read(text: str) -> datetime | None:
    """Read a text that is nothing but a day, perhaps with its time, in any of fifty languages.

    Day, month and year have to stand there, the month or its counter as a word (``14 марта 2022``, ``2022年3月14日``);
    numbers alone, which different countries order differently, and relative days are not read. Zones are left out:
    dateparser takes abbreviations to be one zone that mean several.

    Returns:
        the moment, at midnight when no time is stated, without a zone; None for any other text.
    """
    if len(_YEAR.findall(text)) != 1 or not _DAY.search(text) or not _LETTER.search(text) or is_range(text):
        return None
    found: datetime | None = _any_language().get_date_data(_HOURS.sub(r"\1:\2", text)).date_obj
    return found.replace(tzinfo=None) if found is not None else None


def is_range(text: str) -> bool:
    """Tell whether a text names several days, such as ``14-16 March 2022``, of which parsers read one."""
    return _RANGE.search(text) is not None


def reader(languages: Sequence[str], parts: Sequence[str], base: datetime | None = None) -> DateDataParser:
    """Make what reads absolute days in some languages.

    Args:
        languages: dateparser's codes, in whatever order.
        parts: what a text has to state: ``day``, ``month``, ``year``.
        base: the moment of which a text that states less is completed; None for now.
    """
    from dateparser.date import DateDataParser

    settings = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": list(parts)} | ({"RELATIVE_BASE": base} if base else {})
    return DateDataParser(languages=list(languages), settings=settings)


@cache
def _any_language() -> DateDataParser:
    from dateparser.data.languages_info import language_order

    return reader(language_order[:_LANGUAGES], ("day", "month", "year"))
