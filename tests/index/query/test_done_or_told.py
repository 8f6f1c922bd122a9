"""What is typed is done, or a note says what was done in its place: held to docs/questions.md, not to the parser."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import pytest

from index.analysis.analyzer import words
from index.contracts.conditions import Dated, Named
from index.query.ast import Item, Like, Quoted, Run, Sign, Subquery
from index.query.names import one_line
from index.query.parser import parse

OPERATORS = (
    "+", "-", "–", "−", "—", "--", "+-", "(", "-(", "+(", ")", '"', "“", "”", "-\"", "«", "'", "-'", "AND ", "OR ",
    "NOT ", "NOT -",
    " - ", "*", "~", "~2", "~9", '"~3', "title:", "-title:", "Title: ", "outlet:=", "date:", "-date:", "after:",
    "until: ", "from:", "to:", "site:", "url:https://", "like:", "-like:", "dated:", "field:", "...", "[", "]", "?", "",
)  # fmt: skip
WORDS = (
    "harbour", "gas", "O’Neill", "cease-fire", "2021", "7", "2021-10-07", "7.10.2021", "03/04/2021", "October 2021",
    "7 October 2021",
    "#tag", "@handle", "U.S.", "C++", "北京", "Україна", "مدينة", "ไทย", "example.org/a", "none", "metadata",
    "3f9c1e0a7b52d684", "AND",
)  # fmt: skip
KINDS = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split()  # noqa: SIM905
FIELDS = "title outlet author source dated lang path url site date after before since until like from to".split()  # noqa: SIM905
SIGNED = re.compile(r"(?<![^\s(])([+–−-])(?=\S)")
SINGLE = re.compile(r"[+–−-]['‘‚‹]")
QUOTED = re.compile(r'"[^"]*"|[“”„‟＂][^“”„‟＂]*[“”„‟＂]|«[^«»]*»|»[^«»]*«')
IS_TOLD = re.compile(
    r"sign|parenthes|quotation mark|pasted|plain words|is read as|read as words|left out|no date|No date"
)


@cache
def of_kind(kind: str) -> tuple[str, ...]:
    return tuple(chr(code) for code in range(0x11000) if unicodedata.category(chr(code)) == kind)


def typed(chance: random.Random) -> str:
    """Make a question of operators before every kind of character."""
    pieces = []
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        kind = chance.choice(of_kind(chance.choice(KINDS)))
        body = chance.choice((kind, f"{kind}gas", f"gas{kind}oil", chance.choice(WORDS), chance.choice(WORDS)))
        pieces.append(chance.choice(OPERATORS) + chance.choice(("", "", chance.choice(OPERATORS))) + body)
    return chance.choice((" ", " ", "")).join(pieces)


def parts(run: Run) -> Iterator[Item]:
    """Yield every item of a run, those in groups too."""
    for item in run:
        yield item
        if isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from parts(inner)


def faults(question: str) -> Iterator[str]:
    """Yield what was neither done nor told."""
    query, line = parse(question), one_line(question)
    told = " ".join(query.notes)
    items = list(parts(query.items))
    if "Only the first" in told:
        return
    seen = {*words(f"{query} {told}").folded}
    yield from (
        f"“{word}” is gone"
        for word in words(line).folded
        if word not in seen and word not in (*FIELDS, "and", "or", "not", "1")
    )
    yield from _signs(line, told, items, " ".join(str(leaf) for leaf in query.wanted))
    excluded = sum(item.sign == Sign.NOT for item in items)
    if excluded > len(re.findall(r"[-–−‐‑﹣－]", line)) + line.count("NOT"):
        yield "excludes more than was typed"
    if sum(item.sign == Sign.MUST for item in items) > len(re.findall("[+＋]", line)):
        yield "demands more than was typed"
    if any(isinstance(item.what, Quoted) for item in items) and not (
        re.search(r'["“”„‟«»「」『』＂]', line) or SINGLE.search(line)
    ):
        yield "asks for a phrase that was not typed"
    if any(isinstance(item.what, Named | Dated | Like) for item in items) and ":" not in line:
        yield "narrows by what was not typed"
    yield from _fields(line, told, items)


def _signs(line: str, told: str, items: list[Item], wanted: str) -> Iterator[str]:
    """Hold that each sign does what it says to what is directly behind it, or a note tells."""
    for match in SIGNED.finditer(QUOTED.sub(" ", line)):
        chunk = re.split(r"\s", match.string[match.end() :], maxsplit=1)[0]
        behind = words(chunk).folded
        if IS_TOLD.search(told) or (not behind and chunk[:1] in "\"“„«'("):
            continue
        if not behind:
            yield f"“{match[0]}{chunk}” says nothing in silence"
            continue
        sign = Sign.MUST if match[1] == "+" else Sign.NOT
        signed = [item for item in items if behind[0] in words(str(item)).folded and _bears(item, sign)]
        if not signed:
            yield f"“{match[0]}{chunk}” has lost its sign"
        if sign == Sign.NOT and behind[0] in words(wanted).folded and words(line).folded.count(behind[0]) == 1:
            yield f"“{match[0]}{chunk}” is looked for"


def _bears(item: Item, sign: Sign) -> bool:
    demanded = isinstance(item.what, Quoted | Named | Dated | Like)
    return item.sign == sign or (sign == Sign.MUST and demanded and item.sign != Sign.NOT)


def _fields(line: str, told: str, items: list[Item]) -> Iterator[str]:
    """Hold that a field narrows, or a note tells."""
    bare = QUOTED.sub(" ", line)
    asked = re.findall(rf"(?i)(?<![^\s(])[+-]?(?:{'|'.join(FIELDS)}):(?=\S)", bare)
    known = sum(isinstance(item.what, Named | Dated | Like) for item in items)
    if len(asked) > known and not told:
        yield f"{asked} narrow by {known}"


def test_a_sample_of_questions_is_done_or_told() -> None:
    chance = random.Random(17)
    for _ in range(600):
        question = typed(chance)
        assert list(faults(question)) == [], question


@pytest.mark.slow
def test_twenty_thousand_questions_are_done_or_told() -> None:
    chance = random.Random(2021)
    for _ in range(20_000):
        question = typed(chance)
        assert list(faults(question)) == [], question


@pytest.mark.parametrize("sign", ["+", "-", "–", "−"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_sign_binds_whatever_stands_behind_it_or_tells(sign: str, kind: str) -> None:
    for character in of_kind(kind)[:200]:
        for question in (f"{sign}{character}", f"harbour {sign}{character}gas", f"({sign}{character} OR gas)"):
            assert list(faults(question)) == [], question
            assert parse(str(parse(question))) == parse(question)
