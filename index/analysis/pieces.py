"""What stands between spaces, as words: apostrophes, hyphens, acronyms, numbers, scripts without spaces.

A piece has a *row* of tokens, which phrases go by, and may *also* hold further forms of its words, which are found as
well but are no words of the row: ``dangelo`` of D'Angelo. What is written onto a word behind or before an apostrophe
(l'Ukraine, Ankara'da) is a token of the row with an apostrophe in front, so that phrases stay exact and no word is like
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from string import punctuation
from typing import Final, NamedTuple
from unicodedata import is_normalized, normalize

import regex

from index.analysis.acronyms import acronym
from index.analysis.chinese import chinese_fingerprint, simplified
from index.analysis.folding import MOST, fold, plain_digits
from index.analysis.numbers import GLUE, NUMBER, numbers_fingerprint, read_number

BREAK: Final = "\x1f"
"""A token of the row that is no word: where something is hidden, or a title ends."""

AFFIX: Final = "'"
"""The first character of a token that is no word but was written onto one."""

_EAST_ASIAN: Final = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ーｰ〆ﾞﾟ]&&[\p{L}\p{N}]]"
_SOUTH_EAST_ASIAN: Final = r"[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&\p{L}]"
_RUN: Final = rf"[{_EAST_ASIAN}||{_SOUTH_EAST_ASIAN}]"
_LETTER: Final = rf"[[\p{{L}}\p{{N}}]--{_RUN}]"
_INNER: Final = rf"[[\p{{L}}\p{{N}}\p{{M}}]--{_RUN}]"
_INITIAL: Final = rf"[\p{{L}}--{_RUN}]\p{{M}}*+"
_APOSTROPHES: Final = "'’‘ʼ＇׳"
_APOSTROPHE: Final = f"[{_APOSTROPHES}]"
GERSHAYIM: Final = "״"
"""The sign before the last letter of a Hebrew acronym, for which keyboards have a quotation mark."""

_HEBREW: Final = r"[\p{Hebrew}&&\p{L}]\p{M}*"
_NO_PREFIX: Final = r"[[\p{Hebrew}&&\p{L}]--[משהוכלב]]\p{M}*"
# Before the last letter (צה"ל), which may have an ending (מנכ"לית). Behind letters that are words tied to what follows
# (ב"הארץ"), a mark opens a quotation, as before a name with a sign in it (ב"א-שרק"). What is looked at is short.
_LAST: Final = rf"[\"”“](?={_HEBREW}(?!{_HEBREW}|['’׳.־‐‑-]{_HEBREW}))"
_LAST_OF_NAME: Final = rf"(?<={_NO_PREFIX}(?:{_HEBREW}){{0,9}})[\"”“](?={_HEBREW}(?!{_HEBREW}))"
_BEFORE_ENDING: Final = (
    rf"(?<={_NO_PREFIX}|(?:{_HEBREW}){{2}})[\"”](?={_HEBREW}(?:ים|ית|ות|יות|ניק|ניקים)(?!{_HEBREW}))"
)
_GERSHAYIM: Final = rf"(?<={_HEBREW})(?:{GERSHAYIM}(?={_HEBREW})|{_LAST}|{_LAST_OF_NAME}|{_BEFORE_ENDING})"
_MARKS: Final = f'{GERSHAYIM}"”“'  # one of which is in whatever that matches
_INVISIBLE: Final = r"[\u00ad\u200c\u200d\u2060\ufeff]"
_POSSESSIVE: Final = rf"{_APOSTROPHE}[sS]"
_ACRONYM: Final = rf"{_INITIAL}(?:\.{_INITIAL})+(?!{_INNER})\.?(?:{_POSSESSIVE}(?!{_INNER}))?"
_PLAIN: Final = rf"{_LETTER}{_INNER}*+(?:(?:{_APOSTROPHE}|{_GERSHAYIM}|{_INVISIBLE}++){_INNER}++)*+"
_WORD: Final = regex.compile(rf"{_ACRONYM}|(?P<number>{NUMBER})|{_PLAIN}|(?P<run>(?:{_RUN}\p{{M}}*+)++)", regex.V1)
_ENDS_POSSESSIVE: Final = regex.compile(rf"{_POSSESSIVE}$", regex.V1)
ELIDING: Final = frozenset({"ca", "fr", "it"})
"""The languages whose elisions are read, whatever the language of the text is: names have them everywhere."""

# of French, Catalan (one letter, qu) and Italian
_ELISION: Final = (
    r"(?i)^(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|un|nessun|(?:[aci]o|d[aeo]|ne|su)ll|all|agl|degl|dagl|negl|sugl|gl"
    rf"|quell|quest|bell|sant|tutt|anch|senz|mezz|dov){_APOSTROPHE}(?=\p{{L}}{{2}})"
)
_OF_A_NAME: Final = regex.compile(rf"^\p{{Lu}}{_APOSTROPHE}(?=\p{{Lu}})", regex.V1)
# The endings of Turkish nouns and what may follow them, folded: case, number, person, -ki, -li, -ci, copula, ordinals.
_TURKISH_ENDING: Final = (
    r"[aeiu]|[iu]n|n[iu]n|[yn][aeiu]|s[iu]|n?[dt][ae]n?|y?l[ae]|[dt][iu]r?|y?[dt][iu]|y?m[iu]s|y?s[ae]|ki|l[iu]|s[iu]z"
    r"|l[iu]k|c[iu]|n?c[ae]|l[ae]r|[iu]?nc[iu]|[ae]r|[iu]m|[iu]?m[iu]z|[iu]n[iu]z|y[iu]z|y?ken"
)
_TURKISH_ENDINGS: Final = rf"(?:{_TURKISH_ENDING}){{1,4}}"
_MARKED_ENDING: Final = regex.compile(rf"^([\p{{Lu}}\p{{Nd}}].*){_APOSTROPHE}(\p{{L}}[\p{{L}}\p{{M}}]*)$", regex.V1)
# What is named by a few letters and a number is written F-16, F16 and F 16 in one and the same report.
_JOINTS: Final = f"-\u2010\u2011{GLUE}"
_FEWEST_LETTERS: Final = 3  # of a designator, by which it is found without its number
_LETTERS_OF_ONE: Final = regex.compile(r"\p{L}{1,5}")
_DIGITS_OF_ONE: Final = regex.compile(r"[0-9]{1,4}[\p{L}0-9]{0,3}")
_DESIGNATOR: Final = regex.compile(r"(\p{L}{1,5})([0-9]{1,4}[\p{L}0-9]{0,3})")
# What is written for these letters where a keyboard lacks them; the same letters of other languages are plain at worst.
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"}
)
_NON_JOINER: Final = "\u200c"
_PARTS: Final = regex.compile(rf"[^{_NON_JOINER}]{{2,}}")
_LONE: Final = regex.compile(rf"{_RUN}\p{{M}}*", regex.V1)
_UNIT: Final = regex.compile(r"\X\p{M}*")
_LAST_UNIT: Final = regex.compile(r"\X\p{M}*\Z")
_JOINED: Final = regex.compile(r"[\p{M}\u1100-\u11ff]")


class Reading(StrEnum):
    """How pieces are read: as in any language, or as in one that has rules of its own."""

    PLAIN = "plain"
    TURKISH = "turkish"


def reading_of(language: str | None) -> Reading:
    """Return how texts of a language are read."""
    return Reading.TURKISH if language == "tr" else Reading.PLAIN


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    """Compile what few texts need: such a pattern takes a process a millisecond or two."""
    return regex.compile(pattern, regex.V1)


def reads_alike(text: str) -> bool:
    """Tell whether a text is sure to have the same pieces in every reading: nothing is tied to a word in it."""
    return not any(apostrophe in text for apostrophe in _APOSTROPHES)


def with_gershayim(text: str) -> str:
    """Return a text in which no quotation mark stands within a Hebrew word; no offset changes."""
    return _compiled(_GERSHAYIM).sub(GERSHAYIM, text) if any(mark in text for mark in _MARKS) else text


def is_word(token: str) -> bool:
    """Tell whether a token of a row is a word, and not what an apostrophe ties to one."""
    return not token.startswith(AFFIX)


def is_elided(piece: Piece) -> bool:
    """Tell whether a piece is a word with an elision before it, and not a name that may be of any language."""
    first, *others = piece.row
    return bool(others) and not is_word(first.folded) and not any(other.end == others[0].end for other in piece.also)


class Token(NamedTuple):
    """A token within a piece; offsets into the piece."""

    folded: str
    start: int
    end: int


class Piece(NamedTuple):
    """What a piece holds.

    Attributes:
        row: its tokens, in order.
        also: further forms of its words, each where what it stands for is.
        designators: those that are asked for as one word (F-16); with its parts they are in the row.
        repeats: whether it is of a kind that texts have again and again, as no run of Chinese is.
    """

    row: tuple[Token, ...]
    also: tuple[Token, ...] = ()
    designators: tuple[Token, ...] = ()
    repeats: bool = True

    @property
    def words(self) -> tuple[Token, ...]:
        """Return the tokens of the row that are found by themselves: not the number of a designator, nor few letters.

        Who looks for 16 does not look for F-16; who looks for Covid looks for Covid-19.
        """
        if not self.designators:
            return self.row
        return tuple(token for token in self.row if not any(_is_part(token, one) for one in self.designators))

    @property
    def further(self) -> tuple[Token, ...]:
        """Return what it is found by besides its row."""
        return self.also + self.designators


def _is_part(token: Token, designator: Token) -> bool:
    within = designator.start <= token.start < designator.end
    return within and (len(token.folded) < _FEWEST_LETTERS or not token.folded.isalpha())


def plain_word(piece: str) -> Token | None:
    """Return the only token of a piece that is a word of ASCII letters and digits between signs; None of another one.

    It is the same in every reading, and most pieces of most texts are such.
    """
    core = piece.strip(punctuation)
    if not (core.isascii() and core.isalnum()):
        return None
    start = piece.index(core)
    return Token(core.lower()[:MOST], start, start + len(core))


def read(piece: str, reading: Reading) -> Piece:
    """Read what stands between spaces."""
    if (only := plain_word(piece)) is not None:
        return Piece((only,), tuple(_acronyms(piece, (only,))))
    row, also, repeats = list[Token](), list[Token](), True
    for match in _WORD.finditer(piece):
        word = match[0]
        repeats = repeats and match.lastgroup != "run"
        if match.lastgroup == "run":
            tokens = list(_bigrams(word))
            others = list(_last_of(word))
        elif match.lastgroup == "number":
            tokens, others = [Token(key[:MOST], *place) for key, *place in read_number(plain_digits(word))], []
        else:
            tokens, others = _read(word, reading)
        row += (_moved(token, match.start()) for token in tokens)
        also += (_moved(token, match.start()) for token in others)
    designators, compounds = _joined(piece, row)
    return Piece(tuple(row), (*also, *compounds, *_acronyms(piece, row)), designators, repeats)


def _joined(piece: str, row: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Return the designators of a piece, and its other words that a hyphen or a narrow space joins, each as one."""
    designators, compounds = list[Token](), list[Token]()
    for one, other in pairwise(row):
        between = piece[one.end : other.start]
        if len(between) != 1 or between not in _JOINTS:
            continue
        whole = Token((one.folded + other.folded)[:MOST], one.start, other.end)
        if _LETTERS_OF_ONE.fullmatch(one.folded) and _DIGITS_OF_ONE.fullmatch(other.folded):
            (compounds if between == GLUE else designators).append(whole)
        elif len(row) == 2 and one.folded.isalpha() and other.folded.isalpha():
            compounds.append(whole)
    return tuple(designators), tuple(compounds)


def _acronyms(piece: str, row: Sequence[Token]) -> Iterator[Token]:
    """Yield the words of a row that are acronyms, as such."""
    for token in row:
        if (key := acronym(piece[token.start : token.end], token.folded)) is not None:
            yield Token(key, token.start, token.end)


def parts(designator: str) -> tuple[str, ...]:
    """Return the letters and the digits of a designator that is written as one word, or the word as it is."""
    match = _DESIGNATOR.fullmatch(designator)
    return (designator,) if match is None else (match[1], match[2])


def _moved(token: Token, by: int) -> Token:
    return Token(token.folded, token.start + by, token.end + by)


def _read(word: str, reading: Reading) -> tuple[list[Token], list[Token]]:
    """Return the row of one word that is no run, and its further forms."""
    first, last, row = 0, len(word), list[Token]()
    elision = _compiled(_ELISION).match(word)
    if elision:
        first = elision.end()
        row.append(Token(AFFIX + fold(elision[0]), 0, first))
    possessive = _ENDS_POSSESSIVE.search(word, first)
    ending = None if possessive or reading != Reading.TURKISH else _turkish_ending(word[first:])
    if possessive:
        last = possessive.start()
    elif ending is not None:
        last = first + ending
    if key := fold(word[first:last]):
        row.append(Token(key, first, last))
    if ending is not None:
        row.append(Token(AFFIX + fold(word[last:]), last, len(word)))
    return row, list(_further(word[:last], elision is not None))


def _turkish_ending(word: str) -> int | None:
    """Return where the ending of a Turkish name begins, at its apostrophe; None where there is none."""
    match = _MARKED_ENDING.match(word)
    if match is None or (match[2].isupper() and not match[1].isupper()):
        return None
    return match.end(1) if _compiled(_TURKISH_ENDINGS).fullmatch(fold(match[2])) else None


def _further(word: str, elided: bool) -> Iterator[Token]:
    """Yield other forms of a word: a name with an apostrophe in one word, or what is behind it; Müller as Mueller.

    Of words that a non-joiner parts, as Persian ones, the parts.
    """
    if name := _OF_A_NAME.match(word):
        start = 0 if elided else name.end()
        yield Token(fold(word[start:]), start, len(word))
    if word[:1].isupper() and not word.isascii() and (spelled := _spelled_out(word)) != word:
        yield Token(fold(spelled), 0, len(word))
    if _NON_JOINER in word:
        for part in _PARTS.finditer(word):
            yield Token(fold(part[0]), part.start(), part.end())


def _spelled_out(word: str) -> str:
    return normalize("NFC", word).translate(_UMLAUTS)


def is_single_character(text: str) -> bool:
    """Tell whether a text is a single character of a script without spaces."""
    return _LONE.fullmatch(text) is not None


def _last_of(run: str) -> Iterator[Token]:
    """Yield the last character of a run, with which no two neighbours begin, so that it is found by itself."""
    if len(run) > 1 and (unit := _LAST_UNIT.search(run)) and unit.start() > 0:
        yield Token(simplified(fold(unit[0])), unit.start(), len(run))


def _bigrams(run: str) -> Iterator[Token]:
    """Yield each two neighbouring characters; a character alone is a token. A character may be several code points."""
    if is_normalized("NFKC", run) and not _JOINED.search(run):
        run = simplified(run)
        yield from (
            Token(run[start : start + 2], start, min(start + 2, len(run))) for start in range(max(1, len(run) - 1))
        )
        return
    edges = [0, *(unit.end() for unit in _UNIT.finditer(run))]
    if len(edges) == 2:
        edges.append(edges[-1])
    for start, end in zip(edges, edges[2:], strict=False):
        yield Token(simplified(fold(run[start:end])), start, end)


def pieces_fingerprint() -> str:
    """Identify everything that shapes a piece, but folding."""
    written = (_WORD.pattern, _ENDS_POSSESSIVE.pattern, _ELISION, _OF_A_NAME.pattern, _TURKISH_ENDINGS)
    others = (_MARKED_ENDING, _LETTERS_OF_ONE, _DIGITS_OF_ONE, _DESIGNATOR, _UNIT, _JOINED, _PARTS, _LAST_UNIT)
    return "\n".join(
        (
            numbers_fingerprint(),
            chinese_fingerprint(),
            _JOINTS,
            repr(_UMLAUTS),
            *written,
            *(pattern.pattern for pattern in others),
        )
    )
