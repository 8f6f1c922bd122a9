"""A question's text to its pieces: words, phrases, attributes, dates, parentheses, operators, each with its sign.

What is read otherwise than it looks is said in a sentence: nothing that was typed is done or left undone in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import regex

from index.analysis.analyzer import words
from index.analysis.proximity import fitting_slop
from index.contracts.conditions import KINDS, NAMES, UNKNOWN, Attribute, Named
from index.query.ast import LIKE, Almost, Beginning, Item, Like, Operator, Quoted, Sign, Subquery, What, Word, signed
from index.query.dates.ranges import KEYS, LOOSE, longest_date, read_date
from index.query.grammar import ATOM, CLOSE, OPEN, OPERATORS, Token
from index.query.names import QUOTES, plain_name, unquoted
from index.query.quotations import puts_in

_KINDS: Final = {kind: kind for kind in (*KINDS, UNKNOWN)} | {"address": "url"}
_FEWEST_LETTERS: Final = 2  # before a star or a tilde
_SIGNS: Final = {"+": Sign.MUST, "＋": Sign.MUST} | dict.fromkeys("-–−‐‑﹣－", Sign.NOT)  # as word processors write it
_TYPED: Final = frozenset("+-")
_DASHES: Final = frozenset("‒—―⸺⸻")  # which begin a speech in many languages, and exclude in none
_ANY_SIGN: Final = "[" + "".join(map(regex.escape, _SIGNS)) + "]"
_SIGN: Final = rf"(?<![^\s(]){_ANY_SIGN}"
_PHRASE: Final = r"\"[^\"]*\"|[“”„‟＂][^“”„‟＂]*[“”„‟＂]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』"
_SINGLE: Final = r"['‘‚‹](?=\S)[^'‘’‚‹›()]*(?:['’]\p{L}[^'‘’‚‹›()]*)*['’›](?![^\s)])"
_INSIDE: Final = rf"[^\s{QUOTES}()]"
_WHOLE_WORD: Final = rf"{_INSIDE}+(?:\({_INSIDE}*\){_INSIDE}*)*"
_ATTRIBUTES: Final = "|".join((*Attribute, *KEYS, *LOOSE, LIKE))
_OPERATOR: Final = "|".join(sorted(OPERATORS))
_GAP: Final = rf" (?!(?:{_OPERATOR})(?![^\s)])|{_ANY_SIGN}|\p{{L}}+:(?!//))"
_WHOLE: Final = rf"(?<=(?:{'|'.join(sorted(NAMES))}):)="
_FIELD: Final = rf"(?P<attribute>(?i:{_ATTRIBUTES})):(?P<whole>(?i:{_WHOLE}))?"
_PIECE: Final = regex.compile(
    rf"(?P<sign>{_SIGN})?"
    rf"(?:{_FIELD}(?P<gap>{_GAP})?(?:(?P<quoted>{_PHRASE})|(?P<value>{_WHOLE_WORD}))"
    rf"|(?P<phrase>{_PHRASE})(?:~(?P<slop>[0-9]{{1,3}})(?![^\s)]))?|(?P<open>\())"
    rf"|(?P<single>{_SIGN}{_SINGLE})"
    rf"|(?P<close>\))|(?P<stray>[{QUOTES}])|(?P<word>{_WHOLE_WORD})"
)
_NAME: Final = regex.compile(rf"(?P<name>(?i:{_ATTRIBUTES})):=?")
_PASSAGE: Final = regex.compile(r"[0-9a-f]{16}")
_VARIED: Final = regex.compile(r"(?P<word>[\p{L}\p{M}\p{N}'’״.-]{2,60})(?:(?P<any>\*)|~(?P<edits>[12]?))")
_SINGLES: Final = regex.compile(rf"(?<![^\s(]){_SINGLE}")
# Dates of a question that are tried in all languages, of a fifth of a second each where they are none; chosen.
_MOST_DATES: Final = 10
_PROSE: Final = 30  # words outside quotation marks from which on sentences are pasted text, not typed; chosen
_SENTENCE_ENDS: Final = regex.compile(r"\w[.!?…]+[\"”’»“)\]]* +[\"“„«‘(\[]*[\p{Lu}\p{Lo}]|[。！？؟۔।]")
_DEMANDS: Final = regex.compile(rf"[{QUOTES}()]|{_SIGN}\w|(?<![^\s])(?:{_OPERATOR})(?![^\s])")


class Scan(NamedTuple):
    """The pieces of a question.

    Attributes:
        tokens: in their order.
        notes: sentences about what was read otherwise than it looks.
        stray: whether a quotation mark without its partner was left out.
        pasted: whether it is text that was pasted, in which attributes and dates alone are more than words.
    """

    tokens: list[Token]
    notes: list[str]
    stray: bool = False
    pasted: bool = False


def scan(clean: str) -> Scan:
    """Return the pieces of a question, which is on one line."""
    return _Scanner(clean).scanned()


class _Scanner:
    def __init__(self, clean: str) -> None:
        self._clean = clean
        self._notes: list[str] = []
        self._stray = False
        self._at = 0
        self._dates = 0

    def scanned(self) -> Scan:
        pasted = _is_pasted(self._clean)
        if pasted:
            if _DEMANDS.search(self._clean):
                self._say(
                    "Read as pasted text: in it quotation marks, signs, parentheses, AND, OR, NOT demand nothing."
                )
        elif any(" " in match[0] for match in _SINGLES.finditer(self._clean)):
            self._say('Single quotation marks are read as apostrophes; "…" asks for words in a row.')
        pattern = _of_pasted_text() if pasted else _PIECE
        tokens = [token for match in self._matches(pattern) for token in self._read(match)]
        return Scan(tokens, list(dict.fromkeys(self._notes)), self._stray, pasted)

    def _matches(self, pattern: regex.Pattern[str]) -> Iterator[regex.Match[str]]:
        while match := pattern.search(self._clean, self._at):
            self._at = match.end()
            yield match

    def _say(self, note: str) -> None:
        self._notes.append(note)

    def _read(self, match: regex.Match[str]) -> Iterator[Token]:
        if match["word"] is not None:
            yield from self._word(match)
            return
        sign = self._sign(match)
        if match["attribute"]:
            yield from self._attribute(match, sign)
        elif match.re is _PIECE:
            yield from self._marked(match, sign)

    def _marked(self, match: regex.Match[str], sign: Sign) -> Iterator[Token]:
        """Read what quotation marks and parentheses make of it."""
        if match["phrase"] is not None:
            yield self._phrase(match["phrase"], sign, int(match["slop"] or 0))
        elif match["single"]:
            yield self._phrase(match["single"][1:], _SIGNS[match["single"][0]], 0)
        elif match["open"]:
            yield Token(OPEN, sign=sign)
        elif match["close"]:
            yield Token(CLOSE)
        else:
            self._stray = True

    def _sign(self, match: regex.Match[str]) -> Sign:
        typed = match["sign"] or ""
        if typed and typed not in _TYPED:
            self._say(f"“{typed}” before a word is read as “{_SIGNS[typed]}”.")
        return _SIGNS[typed] if typed else Sign.NONE

    def _phrase(self, typed: str, sign: Sign, slop: int) -> Token:
        inner = " ".join(unquoted(typed.strip("'‘’‚‹›")).split())
        quoted = Quoted(inner)
        longest = max(len(words(part).folded) for part in quoted.parts)
        fitting = fitting_slop(longest, slop)
        if fitting < slop and longest:
            self._say(f"So many words may stand at most {fitting} apart, not {slop}.")
        if puts_in(inner) and quoted.parts != (inner,):
            self._say("What stands in brackets in a quotation is not looked for; its parts are, in their order.")
        if not longest and (inner or sign != Sign.NONE or slop):
            self._say(f"There is no word in {_shown(f'{sign}{typed}~{slop}' if slop else f'{sign}{typed}')}.")
        return Token(ATOM, signed(Quoted(inner, fitting), sign))

    def _attribute(self, match: regex.Match[str], sign: Sign) -> Iterator[Token]:
        """Read an attribute or a date; what cannot be read as one is words, or left out where it was to be excluded."""
        name, gap = match["attribute"].lower(), match.groupdict().get("gap")
        value = " ".join(unquoted(match["quoted"] or match["value"]).split())
        what: What | None = None
        wrong = ""
        if name in KEYS or name in LOOSE:
            what, value, wrong = self._dated(match, name, value)
        if what is None and not wrong:
            what, wrong = self._known(match, name, value, sign)
        if what is not None:
            if gap:
                self._say(f"“{name}: {value}” is read as “{name}:{value}”.")
            yield Token(ATOM, signed(what, sign))
            return
        read = f"-{name}:{value} was left out" if sign == Sign.NOT else f"{name}:{value} was read as words"
        self._say(wrong.replace("{read}", read))
        if sign != Sign.NOT:
            yield from (Token(ATOM, Item(Word(word))) for word in _in_words(match, name, value))

    def _dated(self, match: regex.Match[str], name: str, value: str) -> tuple[What | None, str, str]:
        """Return a date, the text that it is read from, and why it is none; one of several words needs no quotes."""
        key = LOOSE.get(name, name)
        self._dates += 1
        elsewhere = self._dates <= _MOST_DATES
        reading = read_date(key, value, elsewhere=elsewhere)
        if reading.dated is None and not reading.note and match["quoted"] is None:
            behind = regex.split(rf"[{QUOTES}()]", self._clean[match.start("value") :], maxsplit=1)[0].split()
            count, reading = longest_date(key, behind, loose=name in LOOSE, elsewhere=elsewhere)
            if count:
                value = " ".join(behind[:count])
                self._at = match.start("value") + len(value)
        if reading.dated is not None:
            if name in LOOSE:
                self._say(f"“{name}:{value}” is read as “{reading.dated}”.")
            elif reading.note:
                self._say(reading.note.replace(f"“{key}:", f"“{name}:"))
            return reading.dated, value, ""
        if reading.note:
            return None, value, f"{reading.note}, so {{read}}; write one of them."
        if not elsewhere:
            self._say(f"Dates behind the first {_MOST_DATES} are read in numbers and in English alone.")
        if name in LOOSE:
            return None, value, ""
        dates = "2022, 2022-01, 2022-01-20 or 20 January 2022"
        return None, value, f"{_shown(value)} is no date, so {{read}}; dates are {dates}."

    def _known(self, match: regex.Match[str], name: str, value: str, sign: Sign) -> tuple[What | None, str]:
        """Return what is known of an article, or a passage to be like; and why it is neither."""
        quoted, has_words = match["quoted"] is not None, bool(words(value).folded)
        nothing = f"There is no word in {_shown(value)}, so {{read}}."
        match name:
            case "like":
                what = Like(value) if _PASSAGE.fullmatch(value) and sign != Sign.NOT else None
                return what, "like: takes the identifier of a passage and cannot be excluded, so {read}."
            case "from" if has_words and not match.groupdict().get("gap"):
                either = (Named(Attribute.OUTLET, value, quoted), Named(Attribute.AUTHOR, value, quoted))
                self._say(f"“from:{value}” is read as “outlet:{value} OR author:{value}”.")
                return Subquery(tuple((Item(named),) for named in either), Operator.ANY), ""
            case "from" | "to":
                return None, f"“{name}:” is a field before a date alone, so {{read}}."
            case Attribute.DATED:
                kind = _KINDS.get(value.lower())
                known = ", ".join(sorted(_KINDS))
                return Named(Attribute.DATED, kind) if kind else None, f"dated: takes one of {known}, so {{read}}."
        if match["whole"]:
            return Named(Attribute(name), plain_name(value), quoted, whole=True) if value else None, nothing
        return Named(Attribute(name), value, quoted) if has_words else None, nothing

    def _word(self, match: regex.Match[str]) -> Iterator[Token]:
        """Read a word with the sign that stands directly before it."""
        typed = match["word"]
        if match.re is not _PIECE:
            yield Token(ATOM, Item(Word(typed)))
        elif typed in OPERATORS:
            yield Token(typed)
        elif typed[0] in _SIGNS:
            yield from self._signed(typed, _SIGNS[typed[0]], match.start())
        else:
            if typed[0] in _DASHES and words(typed).folded:
                self._say(f"{_shown(typed)} is read as a word; what is to be left out has “-” before it.")
            yield Token(ATOM, Item(self._plain(typed)))

    def _signed(self, typed: str, sign: Sign, start: int) -> Iterator[Token]:
        """Read a word behind a sign; of signs that say nothing, what is behind them is read next."""
        rest = typed.lstrip("".join(_SIGNS))
        signs = len(typed) - len(rest)
        if not words(rest).folded:
            if len(typed) > 1 or typed in _TYPED:
                self._say(_nothing(typed))
        elif signs > 1 or (start and self._clean[start - 1] not in " ("):
            self._say(f"The sign in {_shown(typed)} was left out: one is read, directly behind a space.")
            self._at = start + signs
        else:
            if typed[0] not in _TYPED:
                self._say(f"“{typed[0]}” before a word is read as “{sign}”.")
            if sign == Sign.NOT and rest[0].isdigit():
                self._say(f"{_shown(typed)} leaves out what holds {rest}; in quotation marks it is looked for.")
            yield Token(ATOM, Item(self._plain(rest), sign))

    def _plain(self, typed: str) -> Word | Beginning | Almost:
        """Read a word; a field's name with nothing that it could take behind it is one."""
        if name := _NAME.fullmatch(typed):
            self._say(f"{_shown(typed)} takes a word or a phrase directly behind it, so it was read as a word.")
            return Word(name["name"])
        return _varied(typed)


def _varied(typed: str) -> Word | Beginning | Almost:
    """Read a star or a tilde behind what is one word to the analyser, of two letters or more."""
    match = _VARIED.fullmatch(typed)
    folded = words(match["word"]).folded if match else []
    if match is None or len(folded) != 1 or len(folded[0]) < _FEWEST_LETTERS:
        return Word(typed)
    return Beginning(match["word"]) if match["any"] else Almost(match["word"], int(match["edits"] or 1))


def _in_words(match: regex.Match[str], name: str, value: str) -> list[str]:
    """Return what is looked for in place of a field that cannot have its value; nothing of it is syntax."""
    found = words(value)
    if match["quoted"] is not None:
        return [name, *(value[start:end].lower() for start, end in zip(found.starts, found.ends, strict=True))]
    if not found.folded:
        return [name]
    return [name, value] if match.groupdict().get("gap") else [f"{name}:{value}"]


def _nothing(typed: str) -> str:
    return f"There is no word directly behind the sign in {_shown(typed)}, so it demands and excludes nothing."


def _shown(typed: str) -> str:
    return f"“{typed}”"


@cache
def _of_pasted_text() -> regex.Pattern[str]:
    """Return what a piece of pasted text is; compiled for the first one."""
    return regex.compile(
        rf"(?P<sign>{_SIGN})?{_FIELD}(?:(?P<quoted>{_PHRASE})|(?P<value>{_WHOLE_WORD}))|(?P<word>{_INSIDE}+)"
    )


def _is_pasted(clean: str) -> bool:
    """Tell whether a question is text that was pasted: sentences, of many words outside quotation marks."""
    if len(clean) < 2 * _PROSE:
        return False
    outside = regex.sub(_PHRASE, " ", clean)
    return len(words(outside).folded) > _PROSE and _SENTENCE_ENDS.search(clean) is not None
