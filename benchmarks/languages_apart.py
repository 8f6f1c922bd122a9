"""Whether what an archive holds in other languages changes any answer about its English articles.

Usage: python benchmarks/languages_apart.py ENGLISH OTHERS [QUESTIONS]

ENGLISH and OTHERS are JSON Lines of articles, those of OTHERS with an id that begins with their language. 180 of the
English ones make an archive; then 20 articles in each of four languages and 20 made-up German ones are added. Of each
question (words of the articles with ``+``, ``-``, quotation marks and none) the English passages that match it, and
every highlight in them, have to be the same before and after. Prints the questions that differ and how many, by kind;
exits 1 if there is one.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import arguments, show
from synthetic import CheapEncoder

from archive import Archive
from index import Mode, Searcher, build, passage_rule

ENGLISH, EACH = 180, 20
SHORTEST = 400  # characters of an English article; shorter ones have few words that stand side by side
LANGUAGES = ("tr", "fr", "es", "ar")
KINDS = ("+{}", "{} -{}", '"{}"', "{}", "+{} {}", '"{} {}"')
_SEED = 1_717
_DEEP = 10_000
_GERMAN = (
    "Die Stadt {0} will den Hafen ausbauen. Der Bürgermeister sprach am {1} von neuen Kränen und breiteren Straßen; die"
    " Gewerkschaft bat um Zeit. In {0} stehen seit dem Frühjahr viele Hallen leer, und die Bänke zögern mit Krediten."
)
_PLACES = ("Lindholm", "Velsk", "Orsund", "Larnholm", "Tarnow")
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag")


def main(documents: Path, more: Path, count: int = 200) -> None:
    """Make both archives, ask both and compare."""
    english = [one for one in _articles(documents) if len(one["text"]) > SHORTEST][:ENGLISH]
    others = [*_others(more), *_german()]
    asked = list(questions(english, count))
    with TemporaryDirectory() as folder:
        root, news = Path(folder) / "archive", Path(folder) / "news"
        news.mkdir()
        Archive.create(root).close()
        _add(root, news, "english", english)
        before = _answers(root, asked)
        _add(root, news, "others", others)
        after = _answers(root, asked)
    different = Counter[str]()
    for kind, question in asked:
        if before[question] != after[question]:
            different[kind] += 1
            gone, come = (
                before[question].keys() - after[question].keys(),
                after[question].keys() - before[question].keys(),
            )
            print(f"{question}: {len(before[question])} before; {len(gone)} gone, {len(come)} came")
    counts = Counter(kind for kind, _ in asked)
    rows = [(kind, f"{counts[kind]}", f"{different[kind]}") for kind in KINDS]
    found = sum(map(len, before.values()))
    show(
        f"{len(english)} English articles, {len(others)} others; {found:,} matches",
        ("kind", "questions", "differ"),
        rows,
    )
    sys.exit(1 if different else 0)


def questions(articles: Sequence[dict[str, str]], count: int) -> Iterator[tuple[str, str]]:
    """Yield questions of words that stand next to each other in an article, a name now and then, with their kinds."""
    chance = random.Random(_SEED)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        words = [word.strip(".,;:!?\"'()") for word in chance.choice(articles)["text"].split()]
        while True:
            at = chance.randrange(len(words) - 1)
            pair = words[at : at + 2]
            if all(word.isalpha() and len(word) > 2 and not word.isupper() for word in pair):
                break
        yield kind, kind.format(*pair)


def _articles(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text("utf-8").splitlines())


def _others(path: Path) -> Iterator[dict[str, str]]:
    left = Counter(dict.fromkeys(LANGUAGES, EACH))
    for one in _articles(path):
        language = one["id"][:2]
        if left[language] > 0:
            left[language] -= 1
            yield one


def _german() -> Iterator[dict[str, str]]:
    for number in range(EACH):
        place, day = _PLACES[number % len(_PLACES)], _DAYS[number % len(_DAYS)]
        yield {"id": f"de{number}", "title": f"{place} plant", "text": _GERMAN.format(place, day)}


def _add(root: Path, news: Path, name: str, articles: Sequence[dict[str, str]]) -> None:
    kept = [json.dumps({key: one[key] for key in ("id", "title", "text") if one.get(key)}) for one in articles]
    (news / f"{name}.jsonl").write_text("\n".join(kept) + "\n", "utf-8")
    with Archive.open(root) as archive:
        archive.add([news], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)


def _answers(root: Path, asked: Sequence[tuple[str, str]]) -> dict[str, dict[str, tuple[str, ...]]]:
    with Searcher.open(root) as searcher:
        return {question: _matches(searcher, question) for _, question in asked}


def _matches(searcher: Searcher, question: str) -> dict[str, tuple[str, ...]]:
    """Return the English passages that match, with what lights up in each."""
    found = dict[str, tuple[str, ...]]()
    for hit in searcher.search(question, k=_DEEP, mode=Mode.LEXICAL, nearest=True):
        if hit.article.path.endswith("english.jsonl"):
            lit = tuple(f"{mark.start}-{mark.end}" for mark in hit.highlights)
            found[f"{hit.article.record} {hit.passage.start}"] = lit
    return found


if __name__ == "__main__":
    first, second, *rest = arguments(2)
    main(Path(first), Path(second), *map(int, rest))
