"""The words by which a page says what a day or a part of it is, in names of elements and in labels that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from archive.text.written_dates import PUBLISHED

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# Longer labels stand before those that they begin with.
_OTHER: Final = "|".join(
    (
        r"(?:last )?(?:up-?dated?|modified|edited|revised|changed|corrected|amended|reviewed|checked|accessed)",
        r"retrieved",
        r"last modification|modification|correction|created|archived|captured|saved|printed|expires?|copyright|©",
        r"events?|starts?|begins?|ends?|deadline|until|due|hearing|recorded|filmed|born|died",
        r"(?:dernière )?(?:mise?s? à jour|modification)|modifiée?|actualisée?|créée?",
        r"(?:zuletzt )?(?:aktualisiert|geändert)|bearbeitet|letzte änderung|stand|erstellt",
        r"(?:última )?(?:actualización|actualizad[oa]|modificación|atualização|atualizad[oa])|modificad[oa]",
        r"(?:ultimo )?aggiorna(?:mento|t[oa])|modificat[oa]|actualizat",
        r"(?:laatst )?(?:bijgewerkt|gewijzigd)|(?:senast )?uppdaterad|(?:sist )?oppdatert|(?:senest )?opdateret",
        r"(?:viimeksi )?(?:päivitetty|muokattu)|(?:ostatnia )?aktualizacja|zaktualizowano|aktualizováno|upraveno",
        r"aktualizované|frissítve|módosítva|ažurirano|atnaujinta|atjaunots|uuendatud",
        r"ενημερώθηκε|(?:τελευταία )?ενημέρωση",
        r"обновлен[оа]?|изменен[оа]?|оновлено|змінено|обновен[оа]?|ажурирано",
        r"(?:son )?güncelle(?:n?me)(?: tarihi)?|güncellendi|(?:آخر |تم ال)?تحديث|تم التحديث|به ?روز ?رسانی|עודכן",
        r"अपडेट(?:ेड)?|আপডেট|อัปเดต|cập nhật|diperbarui",
    )
)
# Scripts without spaces join a label to its day.
_PUBLISHED_JOINED: Final = (
    r"发布(?:时间|于)?|发表(?:时间|于)?|發布(?:時間|於)?|發表|公開日?|掲載日?|投稿日?|입력|등록|게시"
)
_OTHER_JOINED: Final = r"(?:最后|最終)?更新(?:时间|時間|日|于)?|最后修改|修改(?:时间|于)?|최종 ?수정|수정|업데이트"
_LABEL: Final = re.compile(
    rf"(?<!\w)(?:(?:{_OTHER})|(?P<published>{PUBLISHED}))(?!\w)|{_OTHER_JOINED}|(?P<joined>{_PUBLISHED_JOINED})",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PUBLISHED_NAME: Final = re.compile(
    r"^(?!un)(?:\w*publish(?!er|ing)|\w*publication|publi$|pubdate|posted|postdate|issued|dateline|submitted|parution"
    r"|regdate|entrydate|entrytime)"
)


def each(words: str) -> frozenset[str]:
    """Return the words of a list in a line."""
    return frozenset(words.split())


_OTHER_NAMES: Final = each(
    "modified modif modification moddate datemodified updated update updates dateupdated lastmod lastmodified edited"
    " revised revision changed expires expiry expiration copyright event events start startdate end enddate deadline"
    " countdown uploaded upload datecreated valid available unpublish publisher accessed archived birth"
)
# WordPress and its themes name the one day that they show both: "entry-date published updated".
_UPDATED_TOO: Final = each("updated")
_DATE_NAMES: Final = each(
    "date datum fecha data time timestamp datetime byline meta dateline info when published pubdate posted publication"
    " parution submitted publish publi"
)
_ELSEWHERE_NAMES: Final = each(
    "comment comments commentlist disqus reply related sidebar recommend recommended recommendations widget widgets"
    " promo popular popularposts trending newsletter navigation menu breadcrumb breadcrumbs advert ads"
    " sponsored similar carousel cookie cookies consent share sharing social subscribe paywall signup"
    " masthead topbar pagination tags"
)
_ASIDE_NAMES: Final = _ELSEWHERE_NAMES | each(
    "footer today current clock latest recent teaser ticker calendar agenda events event archive archives blogarchive"
    " weather poll video audio player liveblog timeline prev previous next also gallery"
)
_NAMING: Final = ("class", "id", "itemprop", "property", "role", "data-hook", "data-testid")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a label's line: what follows one label, up to the next.

    Attributes:
        published: whether the label says that a day of publication follows; None without a label.
    """

    text: str
    published: bool | None


def stretches(line: str) -> Iterator[Stretch]:
    """Divide a line such as ``Posted 14 March, updated 16 March`` by its labels; one behind its day belongs to it."""
    labels = list(_LABEL.finditer(line))
    starts = [0, *(label.end() for label in labels)]
    ends = [*(label.start() for label in labels), len(line)]
    kinds = [None, *(bool(label["published"] or label["joined"]) for label in labels)]
    found = [Stretch(line[start:end].strip(), kind) for start, end, kind in zip(starts, ends, kinds, strict=True)]
    for number, stretch in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        if stretch.published is None and following is not None and not any(map(str.isdigit, following.text)):
            yield Stretch(stretch.text, following.published)
        else:
            yield stretch


def words_of(names: str) -> frozenset[str]:
    """Return the words of names as markup has them, and each two that follow each other in one, in lower case.

    ``postDate entry-meta`` has post, date, postdate, entry, meta, entrymeta.
    """
    found = [[word.lower() for word in _WORD.findall(name)] for name in names.split()]
    pairs = {first + second for name in found for first, second in pairwise(name)}
    return frozenset(word for name in found for word in name) | pairs


def names_of(element: HtmlElement) -> frozenset[str]:
    """Return the words of an element's class, id, role and properties."""
    return words_of(" ".join(element.get(name, "") for name in _NAMING))


def says_published(names: frozenset[str]) -> bool:
    """Tell whether names say that a day of publication stands there."""
    return any(map(_PUBLISHED_NAME.match, names)) and names & _OTHER_NAMES <= _UPDATED_TOO


def says_other(names: frozenset[str]) -> bool:
    """Tell whether names say that another day than that of publication stands there."""
    return not _OTHER_NAMES.isdisjoint(names)


def says_date(names: frozenset[str]) -> bool:
    """Tell whether names say that a day of some kind may stand there."""
    return not _DATE_NAMES.isdisjoint(names)


def is_aside(element: HtmlElement) -> bool:
    """Tell whether an element says of itself that a day in it is not the article's."""
    return element.tag in ("aside", "footer", "nav") or not _ASIDE_NAMES.isdisjoint(names_of(element))


def is_elsewhere(element: HtmlElement) -> bool:
    """Tell whether an element says of itself that its text is no part of the article."""
    return element.tag in ("aside", "footer", "nav") or is_named_elsewhere(element)


def is_named_elsewhere(element: HtmlElement) -> bool:
    """Tell whether an element's names say that its text is no part of the article."""
    return not _ELSEWHERE_NAMES.isdisjoint(names_of(element))
