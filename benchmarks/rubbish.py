"""Random strings as questions: none may raise, and none may take ten times as long as others of its length.

Usage: python benchmarks/rubbish.py ARCHIVE [QUESTIONS [MODE [SEED]]]

ARCHIVE is made by ``cheap``; its cheap encoder reads the questions too, so that MODE can be hybrid (the default).
Length classes are powers of two: 1, 2 and 3, 4 to 7, ... characters. All questions are asked three times, one round
after the other. Prints each class with the median of its questions' fastest times and the slowest of these, and each
question whose fastest time is over ten times the median of its class; exits 1 if there is one, or an exception.
"""

from __future__ import annotations

import gc
import random
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from cheap import searching
from measure import arguments, middle, show, timed

from archive import Archive
from index import Mode, Searcher, status

TIMES = 10
_ROUNDS = 3
_LONGEST = 12_000
_SHOWN = 40
_SAMPLE = 3_000  # articles whose words are used
_MARKS = "\"“”„‟«»「」『』＂'’()[]{}+-*~:.,;?!|&\\/<>=@#%^$_`"
_CONTROLS = "\x00\x01\x07\x08\t\n\r\x0b\x0c\x1b\x1f\x7f\x85\xa0\u2028\u2029\u3000"
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069\ufeff\u00ad\u061c"
_COMBINING = "\u0301\u0308\u0327\u0345\u20dd\ufe0f\u093f\u0e31\U000e0101"
_EMOJI = ("😀", "👩‍👩‍👧", "🏳️‍🌈", "🇺🇦", "👍🏽", "🧑‍🚀", "\U0001f9ff")
_ATTRIBUTES = ("title", "outlet", "author", "lang", "path", "url", "date", "after", "before", "like", "site", "TITLE")
_DATES = (
    "2022", "2022-13", "2022-02-31", "0000", "9999-12-31", "0001-01-01", "..", "2022..", "..2022", "none", "NONE",
    "2022...2023", "2023..2021", "99999", "-1", "2022-1-1", "２０２２", "٢٠٢٢", "2022-01-01T00", "1e9", "today", "0001",
)  # fmt: skip


class Rubbish:
    """Makes strings of all kinds, seeded.

    Args:
        words: of an archive, the frequent ones often.
        seed: of everything.
    """

    def __init__(self, words: Sequence[str], seed: int) -> None:
        self._chance = random.Random(seed)
        self._words = words
        self._kinds: dict[str, Callable[[], Iterator[str]]] = {
            "characters": partial(self._forever, self._character, ""),
            "code points": partial(self._forever, self._any_character, ""),
            "words and rubbish": partial(self._forever, self._mixed, ""),
            "stars": partial(self._forever, self._begun, " "),
            "tildes": partial(self._forever, self._misspelled, " "),
            "long word": self._long_word,
            "parentheses": self._nested,
            "operators": partial(self._forever, self._operated, " "),
            "phrases": partial(self._forever, self._phrase, " "),
            "signs": partial(self._forever, self._signed, " "),
            "fields": partial(self._forever, self._field, " "),
            "dates": partial(self._forever, self._dated, " "),
            "everything": partial(self._forever, self._anything, " "),
        }

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the kind of a string and the string, kinds in turn; lengths are spread evenly over their logarithm."""
        while True:
            for kind, parts in self._kinds.items():
                wanted = round(_LONGEST ** self._chance.random())
                yield kind, self._filled(parts(), wanted)

    def _filled(self, parts: Iterator[str], wanted: int) -> str:
        made, size = list[str](), 0
        for part in parts:
            made.append(part)
            size += len(part)
            if size >= wanted:
                break
        return "".join(made)[:wanted]

    def _forever(self, made: Callable[[], str], between: str) -> Iterator[str]:
        while True:
            yield made() + between

    def _word(self) -> str:
        return self._chance.choice(self._words)

    def _character(self) -> str:
        return self._chance.choice(self._chance.choice((_MARKS, _CONTROLS, _UNSEEN, _COMBINING, _EMOJI, "abcé中ب1")))

    def _any_character(self) -> str:
        return chr(self._chance.choice((self._chance.randrange(0x300), self._chance.randrange(0x110000))))

    def _mixed(self) -> str:
        return self._chance.choice((self._word(), self._word(), " ", self._character()))

    def _begun(self) -> str:
        letters = self._chance.choice((self._word()[: self._chance.randint(1, 4)], self._chance.choice("abcdemprst")))
        return f"{self._chance.choice(('', '', '', '+', '-'))}{letters}{'*' * self._chance.choice((1, 1, 1, 2))}"

    def _misspelled(self) -> str:
        word = self._word()[: self._chance.choice((2, 3, 5, 9))]
        return (
            f"{self._chance.choice(('', '', '', '+', '-'))}{word}~{self._chance.choice(('', '1', '2', '2', '3', '~'))}"
        )

    def _long_word(self) -> Iterator[str]:
        unit = self._chance.choice(("x", "中", "a\u0301", "ß", "a.", "a'", "qu'", "ﬁ", "़", self._word(), "a-", "😀"))
        while True:
            yield unit

    def _nested(self) -> Iterator[str]:
        deep = self._chance.choice((1, 3, 19, 21, 500, 5_000))
        while True:
            yield self._chance.choice(("", "+", "-", "NOT ")) + "(" * self._chance.randint(1, deep)
            yield self._chance.choice((self._word, self._operated, self._begun))()
            yield ")" * self._chance.randint(1, deep) + self._chance.choice((" AND ", " OR ", " "))

    def _operated(self) -> str:
        operator = self._chance.choice(("AND", "OR", "NOT", "AND NOT", "OR NOT", "NOT NOT", "AND OR", "and"))
        return f"{self._word()} {operator}"

    def _phrase(self) -> str:
        inside = " ".join(self._word() for _ in range(self._chance.choice((0, 1, 2, 2, 3, 4, 5, 8, 30))))
        quotes = self._chance.choice(('""', "“”", "«»", "„“", "「」", '"', '"”'))
        slop = self._chance.choice(("", "", "~", "~1", "~5", "~14", "~349", "~999", "~-1"))
        return f"{self._chance.choice(('', '', '+', '-'))}{quotes[0]}{inside}{quotes[-1]}{slop}"

    def _signed(self) -> str:
        sign = self._chance.choice(("+", "-", "--", "+-", "- ", "+"))
        return sign + self._chance.choice((self._word(), "(", '"', "…"))

    def _field(self) -> str:
        value = "".join(self._mixed() for _ in range(self._chance.randint(0, 4)))
        quote = self._chance.choice(("", "", '"'))
        return f"{self._chance.choice(('', '', '+', '-'))}{self._chance.choice(_ATTRIBUTES)}:{quote}{value}{quote}"

    def _dated(self) -> str:
        key = self._chance.choice(("date", "after", "before"))
        value = "".join(self._chance.choice(_DATES) for _ in range(self._chance.choice((1, 1, 2))))
        return f"{self._chance.choice(('', '', '-'))}{key}:{value}"

    def _anything(self) -> str:
        return self._chance.choice((
            self._mixed, self._begun, self._misspelled, self._operated, self._phrase, self._signed, self._field,
            self._dated, self._character, self._word,
        ))()  # fmt: skip


def words_of(archive: Archive) -> list[str]:
    """Return words of an archive as they stand there: frequent ones are there often."""
    with archive.snapshot() as snapshot:
        texts = [item.version.text for item in islice(snapshot, _SAMPLE)]
    return [word for text in texts for word in text.split()]


def length_class(text: str) -> int:
    """Return the power of two that a length lies above."""
    return 1 << (max(1, len(text)).bit_length() - 1)


class Asking:
    """Asks questions and keeps the fastest time of each.

    Attributes:
        fastest: seconds by question.
        raised: the questions on which something was raised.
    """

    def __init__(self, searcher: Searcher, asked: Sequence[str], mode: Mode) -> None:
        self._searcher, self._asked, self._mode = searcher, asked, mode
        self.fastest = [float("inf")] * len(asked)
        self.raised = list[str]()

    def round(self) -> None:
        """Ask every question once more."""
        for at, text in enumerate(self._asked):
            gc.disable()
            try:
                took = timed(partial(self._searcher.search, text, mode=self._mode))
                self.fastest[at] = min(self.fastest[at], took)
            except Exception:  # the one thing looked for
                self.raised.append(text)
                print(f"raised on {text[:200]!r}: {traceback.format_exc(limit=-3)}", flush=True)
            finally:
                gc.enable()


def main(root: Path, questions: int, mode: Mode, seed: int) -> int:
    """Ask everything."""
    with searching(root) as searcher:
        searcher.warm()
        asked = list(islice(Rubbish(words_of(searcher.archive), seed), questions))
        typed = [each for _, each in asked]
        asking = Asking(searcher, typed, mode)
        for _ in range(_ROUNDS):
            asking.round()
        of_class: dict[int, list[int]] = defaultdict(list)
        for at, each in enumerate(typed):
            of_class[length_class(each)].append(at)
        fastest, raised = asking.fastest, asking.raised
        usual = {size: middle([fastest[at] for at in places]) for size, places in of_class.items()}
        passages = status(searcher.archive).indexed_passages
    times = [fastest[at] / usual[length_class(each)] for at, each in enumerate(typed)]
    slow = sorted((at for at in range(len(asked)) if times[at] > TIMES), key=lambda at: -times[at])
    for at in slow[:_SHOWN]:
        kind, each = asked[at]
        print(f"{fastest[at] * 1000:.1f} ms, {times[at]:.1f} times, {len(each)} characters, {kind}: {each[:90]!r}")
    rows = [
        (
            f"{size:,} to {2 * size - 1:,}",
            f"{len(places):,}",
            f"{usual[size] * 1000:.2f}",
            f"{max(fastest[at] for at in places) * 1000:.2f}",
            f"{max(times[at] for at in places):.1f}",
            f"{sum(times[at] > TIMES for at in places)}",
        )
        for size, places in sorted(of_class.items())
    ]
    title = f"{questions:,} random strings, {mode}, {passages:,} passages: fastest of {_ROUNDS} in ms"
    show(title, ("characters", "questions", "median", "slowest", "slowest / median", f"over {TIMES} times"), rows)
    kinds = Counter(asked[at][0] for at in slow)
    print(f"{len(raised)} exceptions; {len(slow)} too slow" + "".join(f", {kinds[kind]} {kind}" for kind in kinds))
    return 1 if raised or slow else 0


if __name__ == "__main__":
    archive, *more = arguments(1)
    count, named, seeded = more + ["10000", "hybrid", "5"][len(more) :]
    sys.exit(main(Path(archive), int(count), Mode(named), int(seeded)))
