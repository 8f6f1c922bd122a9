"""Finding sentences, by rules that hold across scraped, wrapped and translated news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

from archive.core.article import Span
from archive.text.density import PROSE_SENTENCE, STOPS, even_pieces, stretches


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A title never ends a sentence; a number follows its mark; the others end one only before a word that opens sentences.
_TITLES: Final = _words("""
    adm brig capt cf cmdr col dr drs eg fr frau gen gov herr hon ie lt maj messrs mgr mlle mm mme mmes mons mr mrs ms
    pres prof rep reps rev revd sen sens sgt sra srta st ste supt ud uds v vs dña bzw ca sog vgl и пр проф ул им
""")
_NUMBERED: Final = _words("art ch fig figs no nos nr núm op pp par sec tel vol стр")
_SHORT: Final = _words("""
    al apr approx assn aug ave bhd blvd bros co cont corp ct dec dept dist ed est etc feb ft inc intl jan jr jul jun
    ltd mar mfg mln mt mtn nov oct plc pct pty rd sep sept sq sr univ usw tys млн млрд тыс руб долл
""")
_OPENERS: Final = _words("""
    a according after all although an and another as asked at because before both but by despite during each earlier
    even for from he her here his how however i if in instead it its last later many meanwhile more most my neither next
    no nor not now on once one only our others she since so some such that the their then there these they this those
    though under until we what when where while who why with yesterday yet you
    le la les il elle ils elles un une des mais ce cette dans en selon el los las ella ellos pero según
    der die das er sie es ein eine aber im am nach bu ve ancak о в на он она это но
""")
_MONTHS: Final = _words("""
    januar jänner februar märz april mai juni juli august september oktober november dezember jahrhundert jahrestag
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık januari februari maart
""")
# Names of firms, games and bands that end with an exclamation mark.
_EXCLAIMED: Final = _words("yahoo joomla jeopardy wham kahoot yum")
_CLOCK: Final = _words("am pm")
_ENDING: Final = frozenset('.!?…。！？”"»:;؟۔।')

# A stop (or an ellipsis of full stops with spaces between), the quotes, brackets and numbers of notes that close after
# it, then white space. For Chinese and Japanese anything may follow; elsewhere a word in capitals that a space is
# missing before, if the word in front of the stop has nothing but letters.
_CLOSERS: Final = r"(?:[\"'”’»)\]]++|[^\S\n]»|\[\d{1,3}\]|[¹²³⁴-⁹⁰]++)*+"
_STOP: Final = regex.compile(
    rf"(?<![.!?…؟۔।։])(?:\.(?:[ \u00a0]\.){{2,}}+|[.!?…؟۔।։]++){_CLOSERS}(?=\s|$)"
    r"|(?<![。！？])[。！？]++[」』”’）]*+"
    r"|(?<=(?:^|[\s(\"“'‘«])\p{L}[\p{L}’'-]{0,30}\p{Ll})[.!?][\"”’»)]*+(?=\p{Lu}\p{Ll}*+(?:[\s,;:’']|$))"
)
# What follows an hour: its zone or its day, which belong to it.
_OF_CLOCK: Final = regex.compile(
    r"\s*+(?:\(|\p{Lu}{2,}\b|\d|(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|Jan|Feb|Mar|Apr|May"
    r"|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Eastern|Pacific|Central|Mountain|Greenwich)|\p{Lu}\p{L}+ [Tt]ime\b)"
)
_BLOCK: Final = regex.compile(r"\n[^\S\n]*+\n\s*+")
_LINE: Final = regex.compile(r"\n\s*+")
_BEFORE: Final = regex.compile(r"(?:^|[\s(\[\"'“‘«—–-])((?:\p{L}\p{M}*\.)*+\p{L}[\p{L}\p{M}]*+|\d{1,3})$")
_CONTINUES: Final = regex.compile(r"\s*+[\"'“‘«(]*+\p{Ll}")
_NEXT: Final = regex.compile(r"\s*+[\"'“‘«(\[]*+(\p{L}\.|[\p{L}\p{M}]++|\d)?")
_BULLET: Final = regex.compile(r"[-–—*•·‣▪]\s|\d{1,3}[.)]\s")
_UPPER: Final = regex.compile(r"\p{Lu}")
_LOWER: Final = regex.compile(r"\p{Ll}")
_OPENS_UPPER: Final = regex.compile(r"\P{L}{0,3}\p{Lu}")
_LONGEST_WRAPPED: Final = 100  # characters: programs wrap at 65 to 80, few at more. Chosen, not measured.
_INDENT: Final = 3  # characters of white space, newline included, that begin a paragraph


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of ``text[start:end]`` in order, offsets into ``text``, trimmed of white space.

    A blank line always ends a sentence. A single line break ends one unless the line looks wrapped: it ends without a
    stop and the next begins in lower case, or the lines around it are of even length and run on. A text without
    capitals is read without the help of case. A stretch of very many marks (``archive.text.density``) is cut by length.
    """
    return list(each_sentence(text, start, len(text) if end is None else end))


def each_sentence(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the ``sentences`` of a part of a text one by one, because a text may have a million of them."""
    cased = _UPPER.search(text, start, end) is not None
    for stretch in stretches(text, start, end, STOPS, PROSE_SENTENCE):
        yield from even_pieces(text, stretch.span) if stretch.is_dense else _of_prose(text, stretch.span, cased)


def _of_prose(text: str, within: Span, cased: bool) -> Iterator[Span]:
    for block in _blocks(text, within.start, within.end):
        for line in _lines(text, block):
            yield from _split(text, line, cased)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends, None when nothing is left."""
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    right = start + len(inner.rstrip())
    return Span(left, right) if left < right else None


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    block_start = start
    for gap in _BLOCK.finditer(text, start, end):
        yield Span(block_start, gap.start())
        block_start = gap.end()
    yield Span(block_start, end)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the lines of a block were broken: wrapped at a width; paragraphs told by indentation."""

    wrapped: bool
    indents: bool


def _lines(text: str, block: Span) -> Iterator[Span]:
    """Join the lines of a block that were only wrapped."""
    shape = _shape(text, block)
    line_start = block.start
    for gap in _LINE.finditer(text, block.start, block.end):
        indented = shape.indents and gap.end() - gap.start() > _INDENT
        if indented or not _goes_on(text, gap, shape.wrapped):
            yield Span(line_start, gap.start())
            line_start = gap.end()
    yield Span(line_start, block.end)


def _goes_on(text: str, gap: regex.Match[str], wrapped: bool) -> bool:
    if _BULLET.match(text, gap.end()):
        return False
    ended = text[max(0, gap.start() - 1) : gap.start()]
    return wrapped or (ended not in _ENDING and _CONTINUES.match(text, gap.end()) is not None)


def _shape(text: str, block: Span) -> _Shape:
    """Tell hard line breaks by lines that run on and, all but a few, are nearly as long as the longest."""
    lengths: Counter[int] = Counter()
    indented = open_ended = capital = 0
    last_open = False
    for number, raw in enumerate(_raw_lines(text, block)):
        indented += number > 0 and raw[:_INDENT].isspace()
        if not (line := raw.strip()):
            continue
        if len(line) > _LONGEST_WRAPPED:
            return _Shape(False, False)
        open_ended += last_open
        last_open = line[-1] not in _ENDING
        capital += bool(lengths) and _OPENS_UPPER.match(line) is not None
        lengths[len(line)] += 1
    count = lengths.total()
    if count < 3:
        return _Shape(False, False)
    longest, few = max(lengths), count - 1
    full = sum(often for length, often in lengths.items() if length > 0.75 * longest)
    capital = capital if _LOWER.search(text, block.start, block.end) else 0
    wrapped = full >= 0.6 * count and open_ended >= 0.5 * few and capital <= 0.7 * few
    return _Shape(wrapped, indented <= 0.5 * few)


def _raw_lines(text: str, block: Span) -> Iterator[str]:
    start = block.start
    while (end := text.find("\n", start, block.end)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start : block.end]


def _split(text: str, line: Span, cased: bool) -> Iterator[Span]:
    sentence_start = line.start
    for stop in _STOP.finditer(text, line.start, line.end):
        if _ends(text, sentence_start, stop, line.end, cased):
            if (span := trimmed(text, sentence_start, stop.end())) is not None:
                yield span
            sentence_start = stop.end()
    if (span := trimmed(text, sentence_start, line.end)) is not None:
        yield span


def _ends(text: str, start: int, stop: regex.Match[str], end: int, cased: bool) -> bool:
    """Tell whether a stop ends the sentence that began at ``start``."""
    mark = stop.group()
    if mark[0] in "。！？":
        return True
    lone = mark == "."
    if lone and stop.start() > start and text[stop.start() - 1].isspace():
        return True
    if cased and _CONTINUES.match(text, stop.end(), end):
        return False
    before = _BEFORE.search(text[max(start, stop.start() - 24) : stop.start()])
    following = _NEXT.match(text, stop.end(), end)
    opener = (following and following[1]) or ""
    if mark == "!" and before is not None and before[1].casefold() in _EXCLAIMED:
        return opener.casefold() in _OPENERS
    if not lone:
        return True
    if before is not None and "." in before[1] and before[1].casefold().replace(".", "") in _CLOCK:
        return _OF_CLOCK.match(text, stop.end(), end) is None
    return before is None or _ends_after(before[1], opener, before.start(1) == 0)


def _ends_after(word: str, following: str, alone: bool) -> bool:
    """Tell whether a full stop after ``word`` ends a sentence; ``alone`` means that nothing stands before it."""
    plain, opener = word.casefold().replace(".", ""), following.casefold()
    if word.isdigit():
        return not alone and opener not in _MONTHS
    if plain in _TITLES and "." not in word:
        return False
    if plain in _NUMBERED:
        return not opener.isdigit()
    if len(word) == 1 or "." in word or plain in _SHORT:
        return opener in _OPENERS
    return True
